; The command line on the PATH: this folder is on every user's since Windows 10, so no PATH is rewritten.
!macro customInstall
  FileOpen $0 "$LOCALAPPDATA\Microsoft\WindowsApps\bulkhead.cmd" w
  FileWrite $0 '@"$INSTDIR\resources\cli\bulkhead.cmd" %*$\r$\n'
  FileClose $0
!macroend

!macro customUnInstall
  Delete "$LOCALAPPDATA\Microsoft\WindowsApps\bulkhead.cmd"
!macroend
