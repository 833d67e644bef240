<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="sv_SE" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message>
        <source>Meter locked for {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was shown a wrong password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switching the disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result is read in {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading is paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next readout in {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the meter, {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Showing {0} to the meter, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rate {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>erase text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B={0} A={1} counts in {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>switching, {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The module has no bus voltage, so a press does nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A press does nothing until the disconnector has moved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The setting “disconnector control” does not allow the push button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>state unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter has not said yet whether its disconnector is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>locked, {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter was shown a wrong password and refuses everything for a while</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inputs are not enabled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused by the meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>password refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, error: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, rate {1} is asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, from inputs B={1} A={2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, set over the bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, as last asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, by the meter itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B={0} A={1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, not switched: refused</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CopyLine</name>
    <message>
        <source>Copy: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeviceFace</name>
    <message>
        <source>The meter and the module in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scroll the meter&apos;s display</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter&apos;s button: shows the next value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red LED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red LED, error. A short flash every five seconds: no connection with the meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green LED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green LED. A short flash every five seconds: communication with the meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Push button (5): toggles the disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Push button: toggles the meter&apos;s disconnector. The process takes about 10 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input {name}, volts AC. Active from 24 V, at most 230 V</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input B, volts AC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input A, volts AC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M-Bus voltage, volts DC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voltage of the M-Bus. The module works from 21 to 42 V DC, either polarity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input B on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Puts 230 V on input B, or none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input A on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Puts 230 V on input A, or none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M-Bus voltage on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switches the bus voltage on and off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scroll</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M-Bus slave for the E350</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate input A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SN {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FaultSection</name>
    <message>
        <source>Silent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter answers nothing: contact is lost after three readouts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter answers {0} s later than it should, which is longer than the standard allows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bad BCC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The block check character of every readout is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Garbled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Characters arrive damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter takes every password for a wrong one, and then refuses everything for a while</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No meter number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C.1.0 is missing in the readout: the red LED is steady</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Power failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter&apos;s supply is gone while this is on; C.7.0 counts it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Terminal cover off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody has taken the terminal cover off: an alarm in C.5.0, counted in 82.8.1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faults of the simulated meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No voltage on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No voltage on phase L{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold a magnet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A strong magnet, held to the meter for a moment: an alarm in C.5.0, counted in 82.8.2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} on</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus or meter is a made-up one: no real installation is touched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the address to connect to</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Lamp</name>
    <message>
        <source>{0}: on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: off</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>What the window had kept of its last use was damaged; it lies in {0} now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CMi1020 {0} - cmi_gui</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong: {0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inside this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Built-in module {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageList</name>
    <message>
        <source>Last events: none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last events: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageStrip</name>
    <message>
        <source>Starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show where this comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All messages, newest first</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MeterDisplay</name>
    <message>
        <source>dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blank</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rate {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>disconnector closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>disconnector open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter display: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModulePage</name>
    <message>
        <source>A real meter is wired: press its own button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, too low</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModulePanel</name>
    <message>
        <source>Now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the meter now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaves the meter to a technician&apos;s optical head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Active rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Display text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect an M-Bus master</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address to connect to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command that reads the module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LEDs: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The module has no power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A readout is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter was shown a wrong password and refuses everything for a while</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading is paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read without waiting for the interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No link is open yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Navigation</name>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ObisPlot</name>
    <message>
        <source>number</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReadingsModel</name>
    <message>
        <source>Plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReadingsPage</name>
    <message>
        <source>Search code, meaning, value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Readings of the meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot of readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the meter every</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>10 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No value matches the search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The module has no power: put 21 to 42 V on the bus (page Module)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first readout is running: line {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter has not answered yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick a value in the column Plot to see its curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curves appear here with the first readout</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rocker</name>
    <message>
        <source>On</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the makers have not published stands in two files: the module&apos;s commands, and what the meter needs to hear. A file of your own takes their place at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cmi_gui {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Built-in module {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Primary address {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No link is open yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus: no voltage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus {0}, below {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus {0}, above {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus {0}, {1} bit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter: link down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter: not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The module has no power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read {0} ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter: reading paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left to the optical head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter: first readout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About to begin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter: no contact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading, line {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading, line {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next try in {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TargetChoice</name>
    <message>
        <source>Whom the pages Configuration and Readings speak to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find modules on a bus...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrafficModel</name>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delta</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Direction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>master → module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>module → master</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>meter → module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>module → meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrafficPage</name>
    <message>
        <source>Filter: words or hex bytes, all must occur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter the traffic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both sides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the newest row in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the list still; traffic goes on being recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen telegram in words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a row to see what it says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chosen telegram in hex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and its bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In hex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No telegram matches the filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No link is open yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been said yet. An M-Bus master can connect to {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} telegrams</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} new since the pause</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrafficText</name>
    <message>
        <source>noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bad checksum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bad length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bad frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>broken off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>break</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>line error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too late</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>identification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>option select</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bytes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WelcomeBar</name>
    <message>
        <source>Welcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A whole CMi1020 in a simulated meter runs in this window. What are you here for?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the twin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A short tour of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect my master to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address to connect to, and a command that reads the module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work on real modules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find, read and configure modules on an M-Bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not show this again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0:.1f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark: no voltage on the bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both LEDs dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection with the meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red flashes every 5 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter does not tell its number (C.1.0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red steady, green flashes every 5 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rate could not be changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red blinks, green flashes every 5 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In contact with the meter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green flashes every 5 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>primary address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>secondary address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>disconnector control</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rate inputs enabled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rate mapping table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P1 and P2 usage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>selection list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P1 password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P2 login key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the meter for rate {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the meter to close its disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the meter to open its disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the meter to erase the text on its display</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the meter to show {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter has taken rate {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter closes its disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter opens its disconnector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter has erased the text on its display</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The meter shows {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} failed: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disconnector is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disconnector is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disconnector is being switched (10 s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the disconnector is open is not known any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate error: the inputs changed while they are not enabled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate error: the meter refused the rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate error: the meter refused the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rate error is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Meter read: {0} lines in {1:.1f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the meter failed (try {0}): {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact with the meter found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact with the meter lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus voltage {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bus voltage {0}: too low, the module is dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate inputs steady at B = {0}, A = {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Setting {0} is now {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window was too slow for {0} events</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The simulated meter&apos;s wire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The simulated bus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}; trying again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_400.self</name>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_ProfileRow</name>
    <message>
        <source>Choose file...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Built-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Built-in: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profiles (*.toml);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not taken: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>built-in, or the user&apos;s own in the configuration folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is the built-in one already</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
