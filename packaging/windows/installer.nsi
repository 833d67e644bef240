; The installer for one user of Windows. It needs no administrator rights, writes only to that user's folders and to
; HKEY_CURRENT_USER, and its uninstaller removes exactly what it has installed.
;
; packaging/installer.py runs makensis with: VERSION, NUMBERS (VERSION as four numbers), KILOBYTES, FILES (a list of the
; bundle's files as macros), OUTPUT, and perhaps ICON and TARGET.

!ifdef TARGET
Target "${TARGET}"
!else
Unicode true
!endif
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
!include MUI2.nsh
!include LogicLib.nsh
!include "${FILES}"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\cmi-gui"
!define CLASSES "Software\Classes"
!define OPEN '"$INSTDIR\cmi-gui.exe" open "%1"'

Name "cmi_gui ${VERSION}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\cmi-gui"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "cmi_gui ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey ProductName "cmi_gui"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installer of cmi_gui"
VIAddVersionKey CompanyName "The cmi_gui authors"
VIAddVersionKey LegalCopyright "MIT licence"

!ifdef ICON
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!endif
!define MUI_FINISHPAGE_RUN "$INSTDIR\cmi-gui.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE Swedish

LangString Running ${LANG_ENGLISH} "cmi_gui is running in $INSTDIR. Close it, then start this again."
LangString Running ${LANG_SWEDISH} "cmi_gui körs i $INSTDIR. Stäng det och starta sedan detta igen."
LangString Older ${LANG_ENGLISH} "The older version in $R0 could not be removed. Close cmi_gui, or remove that version under Installed apps, then start this again."
LangString Older ${LANG_SWEDISH} "Den äldre versionen i $R0 kunde inte tas bort. Stäng cmi_gui, eller ta bort versionen under Installerade appar, och starta sedan detta igen."
LangString About ${LANG_ENGLISH} "The CMi1020 M-Bus module for the Landis+Gyr E350"
LangString About ${LANG_SWEDISH} "M-Bus-modulen CMi1020 för Landis+Gyr E350"
LangString Traffic ${LANG_ENGLISH} "M-Bus traffic"
LangString Traffic ${LANG_SWEDISH} "M-Bus-trafik"
LangString Site ${LANG_ENGLISH} "Site or room of cmi_gui"
LangString Site ${LANG_SWEDISH} "Anläggning eller rum i cmi_gui"

; A running executable cannot be opened for writing. SIGN: un. in the uninstaller.
!macro DEFINE_STOP_WHILE_RUNNING SIGN
Function ${SIGN}StopWhileRunning
    Push $0
    ${For} $1 1 2
        StrCpy $2 "$INSTDIR\cmi-gui.exe"
        ${If} $1 = 2
            StrCpy $2 "$INSTDIR\cmi-gui-console.exe"
        ${EndIf}
        ${If} ${FileExists} $2
            ClearErrors
            FileOpen $0 $2 a
            ${If} ${Errors}
                MessageBox MB_OK|MB_ICONSTOP "$(Running)" /SD IDOK
                SetErrorLevel 2
                Quit
            ${EndIf}
            FileClose $0
        ${EndIf}
    ${Next}
    Pop $0
FunctionEnd
!macroend
!insertmacro DEFINE_STOP_WHILE_RUNNING ""
!insertmacro DEFINE_STOP_WHILE_RUNNING "un."

; "Open with", beside what the user has chosen for these files. Nothing is taken from another program: a double click on
; a .toml file starts cmi_gui only if no program was known for it.
!macro OFFER EXTENSION CLASS
    WriteRegStr HKCU "${CLASSES}\${EXTENSION}\OpenWithProgids" "${CLASS}" ""
    WriteRegStr HKCU "${CLASSES}\Applications\cmi-gui.exe\SupportedTypes" "${EXTENSION}" ""
!macroend
!macro WITHDRAW EXTENSION CLASS
    DeleteRegValue HKCU "${CLASSES}\${EXTENSION}\OpenWithProgids" "${CLASS}"
    DeleteRegKey /ifempty HKCU "${CLASSES}\${EXTENSION}\OpenWithProgids"
    DeleteRegKey /ifempty HKCU "${CLASSES}\${EXTENSION}"
!macroend
!macro FOR_EACH_FILE_TYPE DO
    !insertmacro ${DO} .toml cmi_gui.site
    !insertmacro ${DO} .txt cmi_gui.traffic
    !insertmacro ${DO} .log cmi_gui.traffic
    !insertmacro ${DO} .hex cmi_gui.traffic
!macroend
!macro CLASS NAME TITLE
    WriteRegStr HKCU "${CLASSES}\${NAME}" "" "${TITLE}"
    WriteRegStr HKCU "${CLASSES}\${NAME}\DefaultIcon" "" "$INSTDIR\cmi-gui.exe,0"
    WriteRegStr HKCU "${CLASSES}\${NAME}\shell\open\command" "" '${OPEN}'
!macroend
!macro TELL_EXPLORER
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section
    Call StopWhileRunning
    ReadRegStr $R0 HKCU "${UNINSTALL}" "InstallLocation"
    ${If} $R0 != ""
    ${AndIf} ${FileExists} "$R0\uninstall.exe"
        ExecWait '"$R0\uninstall.exe" /S _?=$R0' $0
        ${If} $0 <> 0
            MessageBox MB_OK|MB_ICONSTOP "$(Older)" /SD IDOK
            SetErrorLevel 2
            Quit
        ${EndIf}
        Delete "$R0\uninstall.exe"
        RMDir "$R0"
    ${EndIf}

    !insertmacro INSTALL_FILES
    SetOutPath $INSTDIR
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\cmi_gui.lnk" "$INSTDIR\cmi-gui.exe" "" "" 0 SW_SHOWNORMAL "" "$(About)"

    !insertmacro CLASS cmi_gui.site "$(Site)"
    !insertmacro CLASS cmi_gui.traffic "$(Traffic)"
    WriteRegStr HKCU "${CLASSES}\Applications\cmi-gui.exe" "FriendlyAppName" "cmi_gui"
    WriteRegStr HKCU "${CLASSES}\Applications\cmi-gui.exe\shell\open\command" "" '${OPEN}'
    !insertmacro FOR_EACH_FILE_TYPE OFFER
    ReadRegStr $0 HKCR ".toml" ""
    ${If} $0 == ""
        WriteRegStr HKCU "${CLASSES}\.toml" "" "cmi_gui.site"
    ${EndIf}
    !insertmacro TELL_EXPLORER

    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "cmi_gui"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\cmi-gui.exe"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The cmi_gui authors"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section Uninstall
    Call un.StopWhileRunning
    ; Windows cannot remove the current folder.
    SetOutPath $TEMP
    !insertmacro REMOVE_FILES
    Delete "$INSTDIR\uninstall.exe"
    ; A folder with files of the user, such as portable data, stays.
    RMDir $INSTDIR
    Delete "$SMPROGRAMS\cmi_gui.lnk"
    ReadRegStr $0 HKCU "${CLASSES}\.toml" ""
    ${If} $0 == "cmi_gui.site"
        DeleteRegValue HKCU "${CLASSES}\.toml" ""
    ${EndIf}
    !insertmacro FOR_EACH_FILE_TYPE WITHDRAW
    DeleteRegKey HKCU "${CLASSES}\cmi_gui.site"
    DeleteRegKey HKCU "${CLASSES}\cmi_gui.traffic"
    DeleteRegKey HKCU "${CLASSES}\Applications\cmi-gui.exe"
    DeleteRegKey /ifempty HKCU "${CLASSES}\Applications"
    DeleteRegKey HKCU "${UNINSTALL}"
    !insertmacro TELL_EXPLORER
SectionEnd
