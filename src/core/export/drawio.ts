import { changedLabel } from '../layout/change-marks.ts';
import { signAt } from '../layout/lane-marks.ts';
import { KIND_STYLES, THEMES } from '../layout/palette.ts';
import type { Box, Point, Scene } from '../layout/scene.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { escapeXml } from '../text/escape.ts';
import { visibleText } from '../text/visible.ts';
import { counted, t } from '../words/words.ts';

const THEME = THEMES.light;
const PLAIN = 'html=0;whiteSpace=wrap;fontFamily=DejaVu Sans;';

const HUB_SHAPES: Readonly<Record<string, string>> = {
  circle: 'ellipse;',
  diamond: 'rhombus;',
  hexagon: 'shape=hexagon;perimeter=hexagonPerimeter2;',
  'triangle-up': 'triangle;direction=north;',
  'triangle-down': 'triangle;direction=south;',
  octagon: 'shape=mxgraph.basic.octagon2;',
  pentagon: 'shape=mxgraph.basic.pentagon;',
  square: '',
};

/**
 * A file of draw.io (diagrams.net): every box, hub and line where the picture has it, and each kind of namespace a
 * layer of its own. Labels are plain text. Source: mxGraph's codec for mxGraphModel, which the program reads.
 */
export function renderDrawio(scene: Scene): string {
  const out = [
    '<mxfile host="Bulkhead">',
    '<diagram id="sharing" name="Sharing">',
    '<mxGraphModel grid="0" page="0" tooltips="1" connect="1" arrows="1"><root>',
    '<mxCell id="0"/>',
    '<mxCell id="layer-things" value="Machine and containers" parent="0"/>',
    ...NAMESPACE_KINDS.map((kind) => `<mxCell id="layer-${kind}" value="${kind}" parent="0"/>`),
    ...(scene.lanes.length === 0
      ? []
      : [`<mxCell id="layer-networks" value="${escapeXml(t('Networks'))}" parent="0"/>`]),
  ];
  const ids = new Map<string, string>();
  const box = (id: string, label: string, style: string, layer: string, { x, y, width, height }: Box) => {
    out.push(
      `<mxCell id="${id}" value="${escapeXml(visibleText(label))}" style="${style}${PLAIN}" vertex="1" parent="layer-${layer}"><mxGeometry x="${x}" y="${y}" width="${width}" height="${height}" as="geometry"/></mxCell>`,
    );
  };
  const around = ({ x, y }: Point, width: number, height: number): Box => ({
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
  });
  const at = ({ x, y }: Point, as: string) => `<mxPoint x="${x}" y="${y}"${as === '' ? '' : ` as="${as}"`}/>`;
  const line = (id: string, label: string, style: string, layer: string, ends: string, points: readonly Point[]) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return;
    const between = points.slice(1, -1).map((point) => at(point, ''));
    const corners = between.length === 0 ? '' : `<Array as="points">${between.join('')}</Array>`;
    out.push(
      `<mxCell id="${id}" value="${escapeXml(visibleText(label))}" style="${style}${PLAIN}" edge="1" parent="layer-${layer}"${ends}><mxGeometry relative="1" as="geometry">${at(first, 'sourcePoint')}${at(last, 'targetPoint')}${corners}</mxGeometry></mxCell>`,
    );
  };
  const host = scene.nodes.find(({ type }) => type === 'host');
  const frame = `rounded=1;arcSize=2;verticalAlign=top;align=left;spacingLeft=8;fontStyle=1;strokeWidth=2;fillColor=${THEME.page};strokeColor=${THEME.hull};fontColor=${THEME.text};`;
  box('machine', host === undefined ? '' : `${host.label}, ${host.detail}`, frame, 'things', scene.hull);
  if (host !== undefined) ids.set(host.key, 'machine');
  scene.groups.forEach((group, index) => {
    const style = `rounded=1;arcSize=2;verticalAlign=top;align=left;spacingLeft=6;fillColor=${THEME.panel};strokeColor=${THEME.groupBorder};fontColor=${THEME.muted};`;
    box(`group-${index}`, group.label, style, 'things', group);
  });
  scene.lanes.forEach(({ networks, paths, joints, signs }, index) => {
    const style = `rounded=0;endArrow=none;startArrow=none;strokeWidth=1;strokeColor=${THEME.border};fontColor=${THEME.muted};`;
    const said = signs.flatMap((sign) => signAt(sign, 1) ?? []);
    // A name may not be left out.
    const name = said.length === 0 ? networks.map((network) => network.name).join(', ') : '';
    paths.forEach((points, path) => {
      line(`lane-${index}-${path}`, path === 0 ? name : '', style, 'networks', '', points);
    });
    joints.forEach((joint, each) => {
      const dot = `ellipse;fillColor=${THEME.border};strokeColor=none;`;
      box(`joint-${index}-${each}`, '', dot, 'networks', around(joint, 4, 4));
    });
    said.forEach((at, sign) => {
      const words = `text;align=left;verticalAlign=middle;fontSize=11;fontColor=${THEME.muted};`;
      box(`sign-${index}-${sign}`, at.text, words, 'networks', at);
    });
  });
  scene.nodes.forEach((node, index) => {
    if (node.type === 'host') return;
    const id = `node-${index}`;
    ids.set(node.key, id);
    const label = [changedLabel(node), node.detail, node.state === 'running' ? '' : t(node.state)].filter(
      (each) => each !== '',
    );
    const style = `rounded=1;arcSize=6;fillColor=${THEME.node};strokeColor=${THEME.border};fontColor=${THEME.text};${node.state === 'running' ? '' : 'dashed=1;'}`;
    box(id, label.join(', '), style, 'things', around(node, node.width, node.height));
  });
  scene.hubs.forEach((hub, index) => {
    const id = `hub-${index}`;
    ids.set(hub.key, id);
    const kind = hub.strands[0]?.kind ?? 'net';
    const { light, onLight, shape } = KIND_STYLES[kind];
    const style = `${HUB_SHAPES[shape] ?? ''}fillColor=${light};strokeColor=${light};fontColor=${onLight};fontSize=9;`;
    box(id, counted(hub.members.length), style, kind, around(hub, 2 * hub.radius, 2 * hub.radius));
  });
  scene.links.forEach((link, index) => {
    link.strands.forEach(({ kind, points }, strand) => {
      const { light, dash, double } = KIND_STYLES[kind];
      const colour = link.broken ? THEME.danger : light;
      const dashed = link.broken ? 'dashed=1;' : dash === '' ? '' : `dashed=1;dashPattern=${dash};`;
      const end = link.end === null ? 'none' : 'oval';
      const style = `rounded=1;endArrow=${end};startArrow=none;strokeWidth=${double ? 3 : 2};strokeColor=${colour};fontColor=${THEME.text};labelBackgroundColor=${THEME.page};${dashed}`;
      const text = strand === 0 ? (link.texts[0] ?? '') : '';
      const ends = ` source="${ids.get(link.from) ?? 'machine'}" target="${ids.get(link.to) ?? 'machine'}"`;
      line(`line-${index}-${strand}`, text, style, kind, ends, points);
    });
  });
  out.push('</root></mxGraphModel>', '</diagram>', '</mxfile>', '');
  return out.join('\n');
}
