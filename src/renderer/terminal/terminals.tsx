import { useContext } from 'react';
import { isVm, treesDiffer, vmTarget } from '#core/enter/vm-target.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { usePage } from '../page/page.ts';
import { TerminalsContext, WorkbenchContext } from '../workbench/workbench.ts';
import { Dock } from './dock.tsx';
import { EnterDialog, VmDialog } from './enter-dialog.tsx';
import { ProofDialog } from './proof-dialog.tsx';

/** What the dialog of the VM's shell needs to know. */
function vmFacts(snapshot: Snapshot) {
  const init = vmTarget(snapshot, 'init');
  return {
    vm: isVm(snapshot),
    treesDiffer: treesDiffer(snapshot),
    initPid: init !== null && init.namespaces.mnt !== null ? init.pid : null,
    enginePid: vmTarget(snapshot, 'engine')?.pid ?? null,
  };
}

/** The terminals below the views, and the dialogs that open them. */
export function Terminals() {
  const { backend } = usePage().actions;
  const bench = useContext(WorkbenchContext);
  const terminals = useContext(TerminalsContext);
  if (terminals === null) return null;
  const { tabs, active, asked, activate, close, answered } = terminals;
  return (
    <>
      <Dock
        tabs={tabs}
        active={active}
        backend={backend}
        onActivate={activate}
        onClose={close}
        vm={bench !== null && isVm(bench.snapshot)}
        onVm={bench === null ? null : bench.enterVm}
      />
      {bench !== null && asked?.type === 'enter' && (
        <EnterDialog
          process={asked.process}
          title={asked.title}
          snapshot={bench.snapshot}
          onOpen={bench.open}
          onClose={answered}
        />
      )}
      {bench !== null && asked?.type === 'vm' && (
        <VmDialog {...vmFacts(bench.snapshot)} onOpen={bench.open} onClose={answered} />
      )}
      {bench !== null && asked?.type === 'prove' && (
        <ProofDialog
          endpoint={bench.endpoint}
          backend={backend}
          snapshot={bench.snapshot}
          name={asked.container.name}
          process={asked.process}
          onClose={answered}
        />
      )}
    </>
  );
}
