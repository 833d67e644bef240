<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="sv_SE" sourcelanguage="en">
<context>
    <name>Absence</name>
    <message>
        <source>This time is in the future</source>
        <translation>Tiden ligger i framtiden</translation>
    </message>
    <message>
        <source>No readings are stored yet</source>
        <translation>Inga avläsningar har sparats ännu</translation>
    </message>
    <message>
        <source>The stored readings begin at {0}</source>
        <translation>De sparade avläsningarna börjar {0}</translation>
    </message>
    <message>
        <source>No readings in this time: the module had no contact with the meter</source>
        <translation>Inga avläsningar under den här tiden: modulen hade ingen kontakt med mätaren</translation>
    </message>
    <message>
        <source>No readings in this time: the module had no power from the bus</source>
        <translation>Inga avläsningar under den här tiden: modulen var spänningslös</translation>
    </message>
    <message>
        <source>No readings in this time: the program was not running, or the computer was asleep</source>
        <translation>Inga avläsningar under den här tiden: programmet var inte igång, eller datorn var i viloläge</translation>
    </message>
    <message>
        <source>No readings in this time</source>
        <translation>Inga avläsningar under den här tiden</translation>
    </message>
    <message>
        <source>No readings in this time; the last one before it was at {0}</source>
        <translation>Inga avläsningar under den här tiden; den senaste före den gjordes {0}</translation>
    </message>
    <message>
        <source>No readings in this time: the module did not answer</source>
        <translation>Inga avläsningar under denna tid: modulen svarade inte</translation>
    </message>
</context>
<context>
    <name>ActionRow</name>
    <message>
        <source>Send</source>
        <translation>Skicka</translation>
    </message>
    <message>
        <source>Send: {0}</source>
        <translation>Skicka: {0}</translation>
    </message>
    <message>
        <source>Enter a value first</source>
        <translation>Ange ett värde först</translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message>
        <source>The link to the meter is down</source>
        <translation>Länken till mätaren är nere</translation>
    </message>
    <message>
        <source>The link to the meter is disconnected</source>
        <translation>Länken till mätaren är frånkopplad</translation>
    </message>
    <message>
        <source>Meter locked for {0}</source>
        <translation>Mätaren låst i {0}</translation>
    </message>
    <message>
        <source>It received a wrong password</source>
        <translation>Den fick ett felaktigt lösenord</translation>
    </message>
    <message>
        <source>Switching the disconnector</source>
        <translation>Brytaren ställs om</translation>
    </message>
    <message>
        <source>The result is read in {0}</source>
        <translation>Resultatet avläses om {0}</translation>
    </message>
    <message>
        <source>Reading is paused</source>
        <translation>Avläsningen är pausad</translation>
    </message>
    <message>
        <source>Next readout in {0}</source>
        <translation>Nästa avläsning om {0}</translation>
    </message>
    <message>
        <source>Sending {0} to the meter</source>
        <translation>Skickar {0} till mätaren</translation>
    </message>
    <message>
        <source>Sending {1} with {0}</source>
        <translation>Skickar {1} med {0}</translation>
    </message>
    <message>
        <source>rate {0}</source>
        <translation>tariff {0}</translation>
    </message>
    <message>
        <source>the close command</source>
        <translation>kommandot för att sluta brytaren</translation>
    </message>
    <message>
        <source>the open command</source>
        <translation>kommandot för att öppna brytaren</translation>
    </message>
    <message>
        <source>text {0}</source>
        <translation>text {0}</translation>
    </message>
    <message>
        <source>the erasure</source>
        <translation>kommandot för att radera texten</translation>
    </message>
    <message>
        <source>B={0} A={1} takes effect in {2}</source>
        <translation>B={0} A={1} gäller om {2}</translation>
    </message>
    <message>
        <source>reading the result</source>
        <translation>resultatet avläses</translation>
    </message>
    <message>
        <source>switching, {0}</source>
        <translation>ställs om, {0}</translation>
    </message>
    <message>
        <source>no power</source>
        <translation>spänningslös</translation>
    </message>
    <message>
        <source>The module has no bus voltage, so the button has no effect</source>
        <translation>Modulen saknar busspänning, så knappen har ingen verkan</translation>
    </message>
    <message>
        <source>The button has no effect until the disconnector has switched</source>
        <translation>Knappen har ingen verkan förrän brytaren har ställts om</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>inte tillåtet</translation>
    </message>
    <message>
        <source>The setting “disconnector control” does not allow the push button</source>
        <translation>Inställningen ”brytarstyrning” tillåter inte tryckknappen</translation>
    </message>
    <message>
        <source>state unknown</source>
        <translation>okänt läge</translation>
    </message>
    <message>
        <source>The meter has not reported yet whether its disconnector is closed</source>
        <translation>Mätaren har ännu inte rapporterat om dess brytare är sluten</translation>
    </message>
    <message>
        <source>locked, {0}</source>
        <translation>låst, {0}</translation>
    </message>
    <message>
        <source>The meter received a wrong password and refuses all commands for a while</source>
        <translation>Mätaren fick ett felaktigt lösenord och avvisar alla kommandon en stund</translation>
    </message>
    <message>
        <source>inputs are not enabled</source>
        <translation>ingångarna är inte aktiverade</translation>
    </message>
    <message>
        <source>refused by the meter</source>
        <translation>avvisad av mätaren</translation>
    </message>
    <message>
        <source>password refused</source>
        <translation>lösenordet avvisat</translation>
    </message>
    <message>
        <source>{0}, error: {1}</source>
        <translation>{0}, fel: {1}</translation>
    </message>
    <message>
        <source>{0}, rate {1} requested</source>
        <translation>{0}, tariff {1} begärd</translation>
    </message>
    <message>
        <source>{0}, from inputs B={1} A={2}</source>
        <translation>{0}, från ingångarna B={1} A={2}</translation>
    </message>
    <message>
        <source>{0}, set over the bus</source>
        <translation>{0}, inställd över bussen</translation>
    </message>
    <message>
        <source>{0}, as last requested</source>
        <translation>{0}, som senast begärd</translation>
    </message>
    <message>
        <source>{0}, set by the meter</source>
        <translation>{0}, vald av mätaren</translation>
    </message>
    <message>
        <source>B={0} A={1}</source>
        <translation>B={0} A={1}</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>okänd</translation>
    </message>
    <message>
        <source>open</source>
        <translation>öppen</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>sluten</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>{0}, not switched: refused</source>
        <translation>{0}, ej omställd: avvisad</translation>
    </message>
</context>
<context>
    <name>AdapterLine</name>
    <message>
        <source>Find adapter in any USB socket</source>
        <translation>Hitta adaptern i alla USB-uttag</translation>
    </message>
    <message>
        <source>The LINK then contains its USB serial number instead of a device name, which depends on the socket</source>
        <translation>LINK innehåller då adapterns USB-serienummer i stället för ett enhetsnamn, som beror på uttaget</translation>
    </message>
    <message>
        <source>Currently {0}</source>
        <translation>Just nu {0}</translation>
    </message>
    <message>
        <source>No adapter with this number is plugged in. The link opens when it is plugged in.</source>
        <translation>Ingen adapter med det numret är ansluten. Länken öppnas när den ansluts.</translation>
    </message>
</context>
<context>
    <name>AnswerHistogram</name>
    <message>
        <source>{0} to {1} ms, answers: {2}</source>
        <translation>{0} till {1} ms, svar: {2}</translation>
    </message>
    <message>
        <source>11 bit</source>
        <translation>11 bit</translation>
    </message>
    <message>
        <source>330 bit + 50 ms</source>
        <translation>330 bit + 50 ms</translation>
    </message>
</context>
<context>
    <name>AnswerView</name>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>All modules</source>
        <translation>Alla moduler</translation>
    </message>
    <message>
        <source>Progress of the answer times</source>
        <translation>Hur långt svarstiderna har räknats</translation>
    </message>
    <message>
        <source>Histogram of answer times</source>
        <translation>Histogram över svarstider</translation>
    </message>
    <message>
        <source>From the end of the request&apos;s last stop bit to the first bit of the answer. On a serial line its beginning is calculated from its end, length and speed; over TCP the arrival of its first byte counts, so that network and gateway are included.</source>
        <translation>Från slutet av begärans sista stoppbit till svarets första bit. På en seriell ledning beräknas svarets början från dess slut, längd och hastighet; över TCP räknas ankomsten av dess första byte, så att nätverk och gateway ingår.</translation>
    </message>
    <message>
        <source>Without an address</source>
        <translation>Utan adress</translation>
    </message>
    <message>
        <source>Address {0}</source>
        <translation>Adress {0}</translation>
    </message>
    <message>
        <source>answers: {0}</source>
        <translation>svar: {0}</translation>
    </message>
    <message>
        <source>median {0} ms, {1} bit</source>
        <translation>median {0} ms, {1} bit</translation>
    </message>
    <message>
        <source>95 % {0} ms, {1} bit</source>
        <translation>95 % {0} ms, {1} bit</translation>
    </message>
    <message>
        <source>maximum {0} ms, {1} bit</source>
        <translation>längst {0} ms, {1} bit</translation>
    </message>
    <message>
        <source>retries: {0}</source>
        <translation>omförsök: {0}</translation>
    </message>
    <message>
        <source>without an answer: {0}</source>
        <translation>utan svar: {0}</translation>
    </message>
    <message>
        <source>Window at {0} bit/s: {1} to {2} ms (11 to 330 bit times and 50 ms)</source>
        <translation>Svarsfönster vid {0} bit/s: {1} till {2} ms (11 till 330 bittider och 50 ms)</translation>
    </message>
    <message>
        <source>too early: {0}</source>
        <translation>för tidiga: {0}</translation>
    </message>
    <message>
        <source>too late: {0}</source>
        <translation>för sena: {0}</translation>
    </message>
</context>
<context>
    <name>BookmarkList</name>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Anteckning</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Innehåll</translation>
    </message>
</context>
<context>
    <name>Bookmarking</name>
    <message>
        <source>Bookmarks</source>
        <translation>Bokmärken</translation>
    </message>
    <message>
        <source>No bookmarks. Select a telegram and press Ctrl+B, or Ctrl+Shift+B for a note</source>
        <translation>Inga bokmärken. Välj ett telegram och tryck Ctrl+B, eller Ctrl+Shift+B för en anteckning</translation>
    </message>
    <message>
        <source>Note for the telegram of {0}</source>
        <translation>Anteckning till telegrammet kl. {0}</translation>
    </message>
    <message>
        <source>The filter hides all bookmarks; Esc in its field clears it</source>
        <translation>Filtret döljer alla bokmärken; Esc i dess fält tömmer det</translation>
    </message>
    <message>
        <source>There are no bookmarks; Ctrl+B sets one</source>
        <translation>Det finns inga bokmärken; Ctrl+B sätter ett</translation>
    </message>
</context>
<context>
    <name>Bookmarks</name>
    <message>
        <source>There are {0} bookmarks, the most that a capture may have; remove some first</source>
        <translation>Det finns {0} bokmärken, så många som en inspelning kan ha; ta bort några först</translation>
    </message>
    <message>
        <source>The bookmark is not stored in {0}: {1}. Save the rows as another capture to keep it</source>
        <translation>Bokmärket är inte sparat i {0}: {1}. Spara raderna som en annan inspelning för att behålla det</translation>
    </message>
    <message>
        <source>it is no longer a capture</source>
        <translation>den är ingen inspelning längre</translation>
    </message>
    <message>
        <source>{0} is the log of another tool and is not changed; save its rows as a capture to keep bookmarks</source>
        <translation>{0} är ett annat verktygs logg och ändras inte; spara dess rader som en inspelning för att behålla bokmärken</translation>
    </message>
</context>
<context>
    <name>BuiltInNote</name>
    <message>
        <source>This page shows the built-in module, not {0}</source>
        <translation>Den här sidan visar den inbyggda modulen, inte {0}</translation>
    </message>
    <message>
        <source>This page shows the built-in module: simulated, not {0}</source>
        <translation>Den här sidan visar den inbyggda modulen: simulerad, inte {0}</translation>
    </message>
    <message>
        <source>This page shows module {0} of the practice bus: simulated</source>
        <translation>Den här sidan visar modul {0} på övningsbussen: simulerad</translation>
    </message>
    <message>
        <source>This page shows module {0} of the practice bus: simulated, not {1}</source>
        <translation>Den här sidan visar modul {0} på övningsbussen: simulerad, inte {1}</translation>
    </message>
</context>
<context>
    <name>BusCard</name>
    <message>
        <source>M-Bus side</source>
        <translation>M-Bus-sidan</translation>
    </message>
    <message>
        <source>The links on which masters reach the module.</source>
        <translation>Länkarna där mastrar når modulen.</translation>
    </message>
    <message>
        <source>No external link. Only the pages of this program can reach the module.</source>
        <translation>Ingen extern länk. Bara sidorna i detta program når modulen.</translation>
    </message>
    <message>
        <source>Add a link</source>
        <translation>Lägg till en länk</translation>
    </message>
    <message>
        <source>Serve masters on one more link</source>
        <translation>Betjäna mastrar på ännu en länk</translation>
    </message>
    <message>
        <source>Command that reads the module</source>
        <translation>Kommando som läser av modulen</translation>
    </message>
    <message>
        <source>Read command</source>
        <translation>Läskommando</translation>
    </message>
    <message>
        <source>Add the link</source>
        <translation>Lägg till länken</translation>
    </message>
    <message>
        <source>Connect the M-Bus side</source>
        <translation>Anslut M-Bus-sidan</translation>
    </message>
    <message>
        <source>There is no link to test</source>
        <translation>Det finns ingen länk att testa</translation>
    </message>
    <message>
        <source>Opens the port and waits {0} s for telegrams from a master</source>
        <translation>Öppnar porten och väntar {0} s på telegram från en master</translation>
    </message>
    <message>
        <source>Checks whether the module can serve masters there; nothing is changed</source>
        <translation>Kontrollerar om modulen kan betjäna mastrar där; inget ändras</translation>
    </message>
    <message>
        <source>This removes all {0} links.</source>
        <translation>Detta tar bort alla {0} länkar.</translation>
    </message>
    <message>
        <source>Module behind the links</source>
        <translation>Modul bakom länkarna</translation>
    </message>
    <message>
        <source>Built-in module</source>
        <translation>Inbyggd modul</translation>
    </message>
    <message>
        <source>Practice bus (simulated)</source>
        <translation>Övningsbuss (simulerad)</translation>
    </message>
    <message>
        <source>What masters reach through the links; all links are opened again</source>
        <translation>Vad mastrar når genom länkarna; alla länkar öppnas på nytt</translation>
    </message>
    <message>
        <source>Masters reach</source>
        <translation>Mastrar når</translation>
    </message>
</context>
<context>
    <name>BusPage</name>
    <message>
        <source>Modules found</source>
        <translation>Hittade moduler</translation>
    </message>
    <message>
        <source>Read all</source>
        <translation>Läs av alla</translation>
    </message>
    <message>
        <source>Copy list</source>
        <translation>Kopiera lista</translation>
    </message>
    <message>
        <source>Save list...</source>
        <translation>Spara lista...</translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation>Rensa lista</translation>
    </message>
    <message>
        <source>{0} was not opened: the master port is in use; disconnect first</source>
        <translation>{0} öppnades inte: masterporten används; koppla från först</translation>
    </message>
    <message>
        <source>The list is empty</source>
        <translation>Listan är tom</translation>
    </message>
    <message>
        <source>Another operation is running on the bus</source>
        <translation>En annan åtgärd pågår på bussen</translation>
    </message>
    <message>
        <source>Connect the master port first</source>
        <translation>Anslut masterporten först</translation>
    </message>
    <message>
        <source>Read every module in the list</source>
        <translation>Läs av varje modul i listan</translation>
    </message>
    <message>
        <source>Copy the list for a spreadsheet</source>
        <translation>Kopiera listan för ett kalkylprogram</translation>
    </message>
    <message>
        <source>Save the list as an Excel or CSV file</source>
        <translation>Spara listan som en Excel- eller CSV-fil</translation>
    </message>
    <message>
        <source>Remove all modules from the list</source>
        <translation>Ta bort alla moduler från listan</translation>
    </message>
    <message>
        <source>Modules appear here as they answer</source>
        <translation>Moduler visas här när de svarar</translation>
    </message>
    <message>
        <source>No answer. Check the bus voltage, the wires, the speed and the range of addresses.</source>
        <translation>Inget svar. Kontrollera busspänning, ledningar, hastighet och adressområde.</translation>
    </message>
    <message>
        <source>Scan the bus to find the modules on it. You can try it with the practice bus.</source>
        <translation>Sök igenom bussen efter moduler. Du kan prova med övningsbussen.</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>List copied to the clipboard</source>
        <translation>Listan kopierad till urklipp</translation>
    </message>
    <message>
        <source>Save the list</source>
        <translation>Spara listan</translation>
    </message>
    <message>
        <source>Scan complete: {0}</source>
        <translation>Sökningen klar: {0}</translation>
    </message>
    <message>
        <source>Answers on this link are slow; they may now arrive up to {0} s after the standard&apos;s window</source>
        <translation>Svaren på denna länk är långsamma; de får nu komma upp till {0} s efter standardens tidsfönster</translation>
    </message>
    <message>
        <source>Module {0} read: {1} telegrams</source>
        <translation>Modul {0} avläst: {1} telegram</translation>
    </message>
    <message>
        <source>Module {0}: {1}</source>
        <translation>Modul {0}: {1}</translation>
    </message>
    <message>
        <source>practice bus</source>
        <translation>övningsbuss</translation>
    </message>
    <message>
        <source>This page works on a real bus, whichever module is chosen in the header</source>
        <translation>Sidan arbetar på en riktig buss, vilken modul som än är vald i huvudet</translation>
    </message>
    <message>
        <source>This page works on the practice bus, whichever module is chosen in the header</source>
        <translation>Sidan arbetar på övningsbussen, vilken modul som än är vald i huvudet</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>Moduler</translation>
    </message>
    <message>
        <source>On the bus</source>
        <translation>På bussen</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Kommandon</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>Avläsningar</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Vy</translation>
    </message>
</context>
<context>
    <name>BusTableModel</name>
    <message>
        <source>Address</source>
        <translation>Adress</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>Serienummer</translation>
    </message>
    <message>
        <source>Maker</source>
        <translation>Fabrikat</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Tillstånd</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Avläst</translation>
    </message>
    <message>
        <source>Primary address</source>
        <translation>Primäradress</translation>
    </message>
    <message>
        <source>Secondary address</source>
        <translation>Sekundäradress</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Speed, bit/s</source>
        <translation>Hastighet, bit/s</translation>
    </message>
    <message>
        <source>Read at</source>
        <translation>Avläst</translation>
    </message>
    <message>
        <source>Telegrams</source>
        <translation>Telegram</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>Moduler</translation>
    </message>
</context>
<context>
    <name>BusWords</name>
    <message>
        <source>{0}, version {1:02X}</source>
        <translation>{0}, version {1:02X}</translation>
    </message>
    <message>
        <source>1 module</source>
        <translation>1 modul</translation>
    </message>
    <message>
        <source>{0} modules</source>
        <translation>{0} moduler</translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation>inget hittat</translation>
    </message>
    <message>
        <source>{0}, 1 collision</source>
        <translation>{0}, 1 kollision</translation>
    </message>
    <message>
        <source>{0}, {1} collisions</source>
        <translation>{0}, {1} kollisioner</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>upptagen</translation>
    </message>
    <message>
        <source>last command refused</source>
        <translation>senaste kommandot avvisat</translation>
    </message>
    <message>
        <source>alarm or abnormal condition</source>
        <translation>larm eller onormalt tillstånd</translation>
    </message>
    <message>
        <source>power low</source>
        <translation>låg matningsspänning</translation>
    </message>
    <message>
        <source>permanent error</source>
        <translation>bestående fel</translation>
    </message>
    <message>
        <source>no contact with the meter</source>
        <translation>ingen kontakt med mätaren</translation>
    </message>
    <message>
        <source>temporary error</source>
        <translation>tillfälligt fel</translation>
    </message>
    <message>
        <source>rate error</source>
        <translation>tariffel</translation>
    </message>
    <message>
        <source>no meter number</source>
        <translation>inget mätarnummer</translation>
    </message>
    <message>
        <source>disconnector operation refused</source>
        <translation>omställning av brytaren avvisad</translation>
    </message>
    <message>
        <source>manufacturer-specific bit {0}</source>
        <translation>tillverkarspecifik bit {0}</translation>
    </message>
    <message>
        <source>Reading...</source>
        <translation>Läser av...</translation>
    </message>
    <message>
        <source>Identifying...</source>
        <translation>Identifierar...</translation>
    </message>
    <message>
        <source>Collision</source>
        <translation>Kollision</translation>
    </message>
    <message>
        <source>Answers without data</source>
        <translation>Svarar utan data</translation>
    </message>
    <message>
        <source>Cannot be decoded</source>
        <translation>Kan inte avkodas</translation>
    </message>
    <message>
        <source>Not found in the last scan</source>
        <translation>Inte hittad i senaste sökningen</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Inget svar</translation>
    </message>
    <message>
        <source>Damaged answers</source>
        <translation>Skadade svar</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Misslyckades</translation>
    </message>
    <message>
        <source>No answer. Check the bus voltage, the wires and the speed, or scan again: the address may have changed.</source>
        <translation>Inget svar. Kontrollera busspänning, ledningar och hastighet, eller sök igen: adressen kan ha ändrats.</translation>
    </message>
    <message>
        <source>Only damaged answers were received: more than one module answers, or there is interference on the line. Search by secondary address to tell the modules apart.</source>
        <translation>Bara skadade svar togs emot: mer än en modul svarar, eller så är ledningen störd. Sök på sekundäradress för att skilja modulerna åt.</translation>
    </message>
    <message>
        <source>The module answers, but reports that it has no data.</source>
        <translation>Modulen svarar, men anger att den inte har några data.</translation>
    </message>
    <message>
        <source>There is no answer to the secondary address any more. Scan again: the address may have changed.</source>
        <translation>Sekundäradressen ger inte längre något svar. Sök igen: adressen kan ha ändrats.</translation>
    </message>
    <message>
        <source>More than one module answers to this secondary address; the numbers on their labels differ.</source>
        <translation>Mer än en modul svarar på denna sekundäradress; numren på deras etiketter skiljer sig åt.</translation>
    </message>
    <message>
        <source>Every address gives an unreadable answer. Check the speed, the wires and the power supply of the master.</source>
        <translation>Varje adress ger ett oläsligt svar. Kontrollera hastigheten, ledningarna och masterns strömförsörjning.</translation>
    </message>
    <message>
        <source>More than one slave answers to this secondary address, and they cannot be told apart. Disconnect all but one and give that one its own address.</source>
        <translation>Mer än en slav svarar på denna sekundäradress, och de går inte att skilja åt. Koppla bort alla utom en och ge den en egen adress.</translation>
    </message>
    <message>
        <source>More than one slave answers at address {0}, or there is interference on the line. Search by secondary address to tell them apart, then use Configure to give each its own address.</source>
        <translation>Mer än en slav svarar på adress {0}, eller så är ledningen störd. Sök på sekundäradress för att skilja dem åt och använd sedan Konfigurera för att ge var och en sin egen adress.</translation>
    </message>
    <message>
        <source>The module sent a telegram that cannot be decoded. Read the module again, or see the bytes on the page Traffic.</source>
        <translation>Modulen skickade ett telegram som inte kan avkodas. Läs av modulen igen, eller se dess byte på sidan Trafik.</translation>
    </message>
    <message>
        <source>The module acknowledged, but sent no data. Read it again, or see the page Traffic.</source>
        <translation>Modulen kvitterade, men skickade inga data. Läs av den igen, eller se sidan Trafik.</translation>
    </message>
    <message>
        <source>It shares its primary address with another slave, and its answer contains no secondary address: it cannot be addressed alone.</source>
        <translation>Den delar primäradress med en annan slav, och dess svar innehåller ingen sekundäradress: den kan inte adresseras ensam.</translation>
    </message>
    <message>
        <source>Telegram {0} can only be decoded in part; {1} bytes remain: {2}</source>
        <translation>Telegram {0} kan bara avkodas delvis; {1} byte återstår: {2}</translation>
    </message>
    <message>
        <source>Telegram {0} cannot be decoded: {1}</source>
        <translation>Telegram {0} kan inte avkodas: {1}</translation>
    </message>
    <message>
        <source>Telegram {0} is an error message: {1}</source>
        <translation>Telegram {0} är ett felmeddelande: {1}</translation>
    </message>
    <message>
        <source>Telegram {0} is partly encrypted (mode {1}); the unencrypted part is shown</source>
        <translation>Telegram {0} är delvis krypterat (läge {1}); den okrypterade delen visas</translation>
    </message>
    <message>
        <source>Telegram {0} is encrypted (mode {1}); its values cannot be shown</source>
        <translation>Telegram {0} är krypterat (läge {1}); dess värden kan inte visas</translation>
    </message>
    <message>
        <source>Telegram {0} also contains {1} manufacturer-specific bytes</source>
        <translation>Telegram {0} innehåller även {1} tillverkarspecifika byte</translation>
    </message>
    <message>
        <source>Serial number on the label</source>
        <translation>Serienummer på etiketten</translation>
    </message>
    <message>
        <source>Version of the module</source>
        <translation>Modulens version</translation>
    </message>
    <message>
        <source>Rate inputs</source>
        <translation>Tariffingångar</translation>
    </message>
    <message>
        <source>open</source>
        <translation>öppen</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>sluten</translation>
    </message>
    <message>
        <source>moving</source>
        <translation>ställs om</translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation>Brytare</translation>
    </message>
    <message>
        <source>Error flags</source>
        <translation>Felflaggor</translation>
    </message>
    <message>
        <source>The module answers, but does not identify itself.</source>
        <translation>Modulen svarar, men identifierar sig inte.</translation>
    </message>
    <message>
        <source>It reads meter {0}.</source>
        <translation>Den läser av mätare {0}.</translation>
    </message>
    <message>
        <source>It does not report the number of its meter.</source>
        <translation>Den anger inte numret på sin mätare.</translation>
    </message>
    <message>
        <source>According to the module, the number on its label is {0}.</source>
        <translation>Enligt modulen är numret på dess etikett {0}.</translation>
    </message>
    <message>
        <source>This is the module with label {0}; it can also be reached by its secondary address.</source>
        <translation>Detta är modulen med etikett {0}; den nås även med sin sekundäradress.</translation>
    </message>
    <message>
        <source>This is the module with label {0}.</source>
        <translation>Detta är modulen med etikett {0}.</translation>
    </message>
    <message>
        <source>This is another module: the number on its label is {0}.</source>
        <translation>Detta är en annan modul: numret på dess etikett är {0}.</translation>
    </message>
    <message>
        <source>No module with label {0} answers on this bus.</source>
        <translation>Ingen modul med etikett {0} svarar på denna buss.</translation>
    </message>
    <message>
        <source>The module with label {0} is on this bus; its secondary address is {1}.</source>
        <translation>Modulen med etikett {0} finns på denna buss; dess sekundäradress är {1}.</translation>
    </message>
</context>
<context>
    <name>ChangeMark</name>
    <message>
        <source>{0}: will be written; press to leave it unchanged</source>
        <translation>{0}: kommer att skrivas; tryck för att lämna det oförändrat</translation>
    </message>
    <message>
        <source>{0}: will not be written; press to write the value shown</source>
        <translation>{0}: kommer inte att skrivas; tryck för att skriva det visade värdet</translation>
    </message>
</context>
<context>
    <name>ChosenRows</name>
    <message>
        <source>Copy as text</source>
        <translation>Kopiera som text</translation>
    </message>
    <message>
        <source>Copy as hex</source>
        <translation>Kopiera som hex</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Kopiera som JSON</translation>
    </message>
    <message>
        <source>Save these rows...</source>
        <translation>Spara dessa rader...</translation>
    </message>
    <message>
        <source>Only side {0}</source>
        <translation>Bara sidan {0}</translation>
    </message>
    <message>
        <source>Only address {0}</source>
        <translation>Bara adress {0}</translation>
    </message>
    <message>
        <source>Only type {0}</source>
        <translation>Bara typ {0}</translation>
    </message>
    <message>
        <source>Without type {0}</source>
        <translation>Utan typ {0}</translation>
    </message>
    <message>
        <source>Count time from here</source>
        <translation>Räkna tid härifrån</translation>
    </message>
    <message>
        <source>{0} telegrams copied</source>
        <translation>{0} telegram kopierade</translation>
    </message>
    <message>
        <source>Remove the bookmark</source>
        <translation>Ta bort bokmärket</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>Bokmärk</translation>
    </message>
    <message>
        <source>Bookmark with a note...</source>
        <translation>Bokmärk med en anteckning...</translation>
    </message>
    <message>
        <source>Prepare to send again</source>
        <translation>Förbered att skicka igen</translation>
    </message>
    <message>
        <source>Only this link</source>
        <translation>Bara den här länken</translation>
    </message>
</context>
<context>
    <name>CodesModel</name>
    <message>
        <source>Shown</source>
        <translation>Visas</translation>
    </message>
    <message>
        <source>OBIS code</source>
        <translation>OBIS-kod</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Betydelse</translation>
    </message>
</context>
<context>
    <name>ColourRules</name>
    <message>
        <source>Red</source>
        <translation>Röd</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gul</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grön</translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation>Cyan</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>Violett</translation>
    </message>
</context>
<context>
    <name>ColumnTitles</name>
    <message>
        <source>Setting</source>
        <translation>Inställning</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Värde</translation>
    </message>
    <message>
        <source>In the module</source>
        <translation>I modulen</translation>
    </message>
</context>
<context>
    <name>CommandsView</name>
    <message>
        <source>Command</source>
        <translation>Kommando</translation>
    </message>
    <message>
        <source>Show the places on the displays</source>
        <translation>Visa platserna på displayerna</translation>
    </message>
    <message>
        <source>To many modules</source>
        <translation>Till många moduler</translation>
    </message>
    <message>
        <source>To one module at a time</source>
        <translation>Till en modul i taget</translation>
    </message>
    <message>
        <source>Release for the push button</source>
        <translation>Frige för tryckknappen</translation>
    </message>
    <message>
        <source>Each asks for the last four digits of the number on the meter. Released for the push button, the disconnector is closed by a person at the meter.</source>
        <translation>Varje kommando frågar efter de fyra sista siffrorna i numret på mätaren. När den är frigiven för tryckknappen sluts brytaren av en person vid mätaren.</translation>
    </message>
    <message>
        <source>Progress of the command</source>
        <translation>Kommandots förlopp</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Results of the command</source>
        <translation>Kommandots resultat</translation>
    </message>
    <message>
        <source>Stairs B, flat 1203</source>
        <translation>Trappa B, lägenhet 1203</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Not confirmed</source>
        <translation>Ej bekräftat</translation>
    </message>
    <message>
        <source>The result of each module is shown here</source>
        <translation>Här visas resultatet för varje modul</translation>
    </message>
    <message>
        <source>None of these modules has been found yet</source>
        <translation>Ingen av dessa moduler har hittats än</translation>
    </message>
    <message>
        <source>Selected in the list: {0}</source>
        <translation>Markerat i listan: {0}</translation>
    </message>
    <message>
        <source>None is selected in the list, so commands go to all that were found: {0}</source>
        <translation>Ingen är markerad i listan, så kommandon går till alla som hittades: {0}</translation>
    </message>
    <message>
        <source>Send to {0}</source>
        <translation>Sänd till {0}</translation>
    </message>
    <message>
        <source>Enter the value first</source>
        <translation>Ange värdet först</translation>
    </message>
    <message>
        <source>Each module is identified before the command is sent</source>
        <translation>Varje modul identifieras innan kommandot sänds</translation>
    </message>
    <message>
        <source>Enter the places in the list first</source>
        <translation>Ange platserna i listan först</translation>
    </message>
    <message>
        <source>Each meter shows the place of its module, which proves which is which</source>
        <translation>Varje mätare visar sin moduls plats, vilket bevisar vilken som är vilken</translation>
    </message>
    <message>
        <source>Alike on the display: {0}</source>
        <translation>Lika på displayen: {0}</translation>
    </message>
    <message>
        <source>Shortened on the display: {0}</source>
        <translation>Förkortade på displayen: {0}</translation>
    </message>
    <message>
        <source>Select one module in the list.</source>
        <translation>Markera en modul i listan.</translation>
    </message>
    <message>
        <source>Select one module in the list</source>
        <translation>Markera en modul i listan</translation>
    </message>
    <message>
        <source>{0}, meter {1}</source>
        <translation>{0}, mätare {1}</translation>
    </message>
    <message>
        <source>{0}. The number of its meter is not known: read the module first.</source>
        <translation>{0}. Mätarens nummer är inte känt: läs av modulen först.</translation>
    </message>
    <message>
        <source>Read the module first, so that the number of its meter is known</source>
        <translation>Läs av modulen först, så att mätarens nummer blir känt</translation>
    </message>
    <message>
        <source>A person at the meter then closes the disconnector by its push button</source>
        <translation>En person vid mätaren sluter sedan brytaren med tryckknappen</translation>
    </message>
    <message>
        <source>{0}: {1}, {2} of {3}</source>
        <translation>{0}: {1}, {2} av {3}</translation>
    </message>
    <message>
        <source>{0}: accepted by {1} of {2}</source>
        <translation>{0}: godtaget av {1} av {2}</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Plats</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultat</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Orsak</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Resultat</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Godtaget</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Avvisat</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Osäker</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Ej sänt</translation>
    </message>
    <message>
        <source>{0}, practice bus</source>
        <translation>{0}, övningsbuss</translation>
    </message>
    <message>
        <source>The profile has no command for many modules</source>
        <translation>Profilen har inget kommando för många moduler</translation>
    </message>
</context>
<context>
    <name>Configuration</name>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>{0} kan inte läsas: {1}</translation>
    </message>
    <message>
        <source>Compared with {0}: the module has different values for {1}</source>
        <translation>Jämfört med {0}: modulen har andra värden för {1}</translation>
    </message>
    <message>
        <source>Compared with {0}: all values that can be read match the form</source>
        <translation>Jämfört med {0}: alla värden som kan läsas stämmer med formuläret</translation>
    </message>
    <message>
        <source>{0} acknowledged the write, but the value read back differs: {1}</source>
        <translation>{0} kvitterade skrivningen, men det återlästa värdet är ett annat: {1}</translation>
    </message>
    <message>
        <source>{0}: accepted by {1}</source>
        <translation>{0}: godtaget av {1}</translation>
    </message>
    <message>
        <source>{0}: refused by {1}</source>
        <translation>{0}: avvisat av {1}</translation>
    </message>
    <message>
        <source>{0}: not confirmed by {1}: {2}</source>
        <translation>{0}: inte bekräftat av {1}: {2}</translation>
    </message>
    <message>
        <source>{0} settings accepted by {1}: {2}</source>
        <translation>{0} inställningar godtagna av {1}: {2}</translation>
    </message>
</context>
<context>
    <name>ConfigurationForm</name>
    <message>
        <source>Settings of the module</source>
        <translation>Modulens inställningar</translation>
    </message>
    <message>
        <source>The profile in use has no settings and no actions</source>
        <translation>Profilen som används har inga inställningar och inga åtgärder</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Åtgärder</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Övrigt</translation>
    </message>
</context>
<context>
    <name>ConfigurationPage</name>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Bytes and basis</source>
        <translation>Byte och grund</translation>
    </message>
    <message>
        <source>Show the bytes of each row and the basis for them</source>
        <translation>Visa varje rads byte och vad de grundas på</translation>
    </message>
    <message>
        <source>Undo (Ctrl+Z)</source>
        <translation>Ångra (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo (Ctrl+Shift+Z)</source>
        <translation>Gör om (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Import...</source>
        <translation>Importera...</translation>
    </message>
    <message>
        <source>Load settings from a TOML file as unwritten changes; passwords are never loaded</source>
        <translation>Läs in inställningar från en TOML-fil som oskrivna ändringar; lösenord läses aldrig in</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>Exportera...</translation>
    </message>
    <message>
        <source>Save the values of this form to a TOML file, without passwords</source>
        <translation>Spara formulärets värden i en TOML-fil, utan lösenord</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>Grupper av inställningar</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppa</translation>
    </message>
    <message>
        <source>Stop after the current telegram (Esc)</source>
        <translation>Stoppa efter det pågående telegrammet (Esc)</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Förkasta</translation>
    </message>
    <message>
        <source>Discard all changes</source>
        <translation>Förkasta alla ändringar</translation>
    </message>
    <message>
        <source>Compare with the module</source>
        <translation>Jämför med modulen</translation>
    </message>
    <message>
        <source>Read the settings that the module reports and mark the differences (F5). Meanwhile, other masters receive only its settings.</source>
        <translation>Läs de inställningar som modulen rapporterar och markera skillnaderna (F5). Under tiden får andra mastrar bara dess inställningar.</translation>
    </message>
    <message>
        <source>of {0}, {1}</source>
        <translation>för {0}, {1}</translation>
    </message>
    <message>
        <source>{0}: {1} unwritten</source>
        <translation>{0}: {1} oskrivna</translation>
    </message>
    <message>
        <source>Undo {0} (Ctrl+Z)</source>
        <translation>Ångra {0} (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo {0} (Ctrl+Shift+Z)</source>
        <translation>Gör om {0} (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>There are no changes</source>
        <translation>Det finns inga ändringar</translation>
    </message>
    <message>
        <source>A write is in progress</source>
        <translation>En skrivning pågår</translation>
    </message>
    <message>
        <source>Writing {0} of {1}: {2}</source>
        <translation>Skriver {0} av {1}: {2}</translation>
    </message>
    <message>
        <source>Communicating with the module</source>
        <translation>Kommunicerar med modulen</translation>
    </message>
    <message>
        <source>Cannot be sent: {0}</source>
        <translation>Kan inte skickas: {0}</translation>
    </message>
    <message>
        <source>Cannot be sent: {0} and {1} more</source>
        <translation>Kan inte skickas: {0} och {1} till</translation>
    </message>
    <message>
        <source>1 change</source>
        <translation>1 ändring</translation>
    </message>
    <message>
        <source>{0} changes</source>
        <translation>{0} ändringar</translation>
    </message>
    <message>
        <source>No changes</source>
        <translation>Inga ändringar</translation>
    </message>
    <message>
        <source>Write 1 change</source>
        <translation>Skriv 1 ändring</translation>
    </message>
    <message>
        <source>Write {0} changes</source>
        <translation>Skriv {0} ändringar</translation>
    </message>
    <message>
        <source>Write changes</source>
        <translation>Skriv ändringar</translation>
    </message>
    <message>
        <source>Communication with the module is in progress</source>
        <translation>Kommunikation med modulen pågår</translation>
    </message>
    <message>
        <source>A value cannot be sent; see the message under its row</source>
        <translation>Ett värde kan inte skickas; se meddelandet under dess rad</translation>
    </message>
    <message>
        <source>Send them to {0} (Ctrl+Enter)</source>
        <translation>Skicka dem till {0} (Ctrl+Enter)</translation>
    </message>
</context>
<context>
    <name>ConnectionsPage</name>
    <message>
        <source>Wiring</source>
        <translation>Inkoppling</translation>
    </message>
    <message>
        <source>The links on both sides of the built-in module</source>
        <translation>Länkarna på den inbyggda modulens båda sidor</translation>
    </message>
    <message>
        <source>This program</source>
        <translation>Detta program</translation>
    </message>
    <message>
        <source>Simulated bus</source>
        <translation>Simulerad buss</translation>
    </message>
    <message>
        <source>M-Bus master</source>
        <translation>M-Bus-master</translation>
    </message>
    <message>
        <source>Serial port</source>
        <translation>Seriell port</translation>
    </message>
    <message>
        <source>E350 {0}</source>
        <translation>E350 {0}</translation>
    </message>
    <message>
        <source>Simulated meter</source>
        <translation>Simulerad mätare</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Real meter</source>
        <translation>Riktig mätare</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Modules: {0}</source>
        <translation>Moduler: {0}</translation>
    </message>
    <message>
        <source>Practice bus</source>
        <translation>Övningsbuss</translation>
    </message>
    <message>
        <source>Meters</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Simulated meters</source>
        <translation>Simulerade mätare</translation>
    </message>
    <message>
        <source>One meter for each module</source>
        <translation>En mätare för varje modul</translation>
    </message>
</context>
<context>
    <name>CopyLine</name>
    <message>
        <source>Copy: {0}</source>
        <translation>Kopiera: {0}</translation>
    </message>
</context>
<context>
    <name>DeviceFace</name>
    <message>
        <source>The meter and the module in it</source>
        <translation>Mätaren och modulen i den</translation>
    </message>
    <message>
        <source>Scroll the meter&apos;s display</source>
        <translation>Bläddra i mätarens display</translation>
    </message>
    <message>
        <source>The meter&apos;s button: shows the next value</source>
        <translation>Mätarens knapp: visar nästa värde</translation>
    </message>
    <message>
        <source>Red LED</source>
        <translation>Röd lysdiod</translation>
    </message>
    <message>
        <source>Red LED, error. A short flash every five seconds: no contact with the meter</source>
        <translation>Röd lysdiod, fel. En kort blinkning var femte sekund: ingen kontakt med mätaren</translation>
    </message>
    <message>
        <source>Green LED</source>
        <translation>Grön lysdiod</translation>
    </message>
    <message>
        <source>Green LED. A short flash every five seconds: communication with the meter</source>
        <translation>Grön lysdiod. En kort blinkning var femte sekund: kommunikation med mätaren</translation>
    </message>
    <message>
        <source>Push button (5): toggles the disconnector</source>
        <translation>Tryckknapp (5): ställer om brytaren</translation>
    </message>
    <message>
        <source>Push button: toggles the meter&apos;s disconnector. Switching takes about 10 seconds</source>
        <translation>Tryckknapp: ställer om mätarens brytare. Omställningen tar omkring 10 sekunder</translation>
    </message>
    <message>
        <source>Rate input {name}, volts AC. Active from 24 V, at most 230 V</source>
        <translation>Tariffingång {name}, volt AC. Aktiv från 24 V, högst 230 V</translation>
    </message>
    <message>
        <source>Rate input B, volts AC</source>
        <translation>Tariffingång B, volt AC</translation>
    </message>
    <message>
        <source>Rate input A, volts AC</source>
        <translation>Tariffingång A, volt AC</translation>
    </message>
    <message>
        <source>M-Bus voltage, volts DC</source>
        <translation>M-Bus-spänning, volt DC</translation>
    </message>
    <message>
        <source>Voltage of the M-Bus. The module works from 21 to 42 V DC, either polarity</source>
        <translation>M-Bus-spänning. Modulen arbetar vid 21 till 42 V DC, valfri polaritet</translation>
    </message>
    <message>
        <source>Rate input B on</source>
        <translation>Tariffingång B på</translation>
    </message>
    <message>
        <source>Switches 230 V at input B on and off</source>
        <translation>Slår på och av 230 V på ingång B</translation>
    </message>
    <message>
        <source>Rate input A on</source>
        <translation>Tariffingång A på</translation>
    </message>
    <message>
        <source>Switches 230 V at input A on and off</source>
        <translation>Slår på och av 230 V på ingång A</translation>
    </message>
    <message>
        <source>M-Bus voltage on</source>
        <translation>M-Bus-spänning på</translation>
    </message>
    <message>
        <source>Drawn from the last readout. The program cannot see the display of the real meter</source>
        <translation>Ritad efter den senaste avläsningen. Programmet kan inte se den riktiga mätarens display</translation>
    </message>
    <message>
        <source>A real meter is wired: press its own button</source>
        <translation>En riktig mätare är inkopplad: tryck på dess egen knapp</translation>
    </message>
    <message>
        <source>A real bus is wired: a serial port cannot measure its voltage, so the module counts as powered</source>
        <translation>En riktig buss är inkopplad: en seriell port kan inte mäta dess spänning, så modulen räknas som matad</translation>
    </message>
    <message>
        <source>Switches the bus voltage on and off</source>
        <translation>Slår på och av busspänningen</translation>
    </message>
    <message>
        <source>Meter {0}</source>
        <translation>Mätare {0}</translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation>Brytare</translation>
    </message>
    <message>
        <source>Scroll</source>
        <translation>Bläddra</translation>
    </message>
    <message>
        <source>A real meter, drawn from its last readout</source>
        <translation>En riktig mätare, ritad efter sin senaste avläsning</translation>
    </message>
    <message>
        <source>A real meter; blank while there is no contact</source>
        <translation>En riktig mätare; tom så länge kontakt saknas</translation>
    </message>
    <message>
        <source>Optical</source>
        <translation>Optisk</translation>
    </message>
    <message>
        <source>M-Bus slave for the E350</source>
        <translation>M-Bus-slav för E350</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fel</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Rate input B</source>
        <translation>Tariffingång B</translation>
    </message>
    <message>
        <source>Rate input A</source>
        <translation>Tariffingång A</translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation>M-Bus</translation>
    </message>
    <message>
        <source>SN {0}</source>
        <translation>SN {0}</translation>
    </message>
</context>
<context>
    <name>Diagnosis</name>
    <message>
        <source>The push button does not toggle the disconnector</source>
        <translation>Tryckknappen ställer inte om brytaren</translation>
    </message>
    <message>
        <source>A rate input does not change the meter&apos;s rate</source>
        <translation>En tariffingång ändrar inte mätarens tariff</translation>
    </message>
    <message>
        <source>The disconnector toggles with a delay</source>
        <translation>Brytaren ställs om med fördröjning</translation>
    </message>
    <message>
        <source>The module does not respond to an M-Bus master</source>
        <translation>Modulen svarar inte på anrop från en M-Bus-master</translation>
    </message>
    <message>
        <source>No problem found so far; some checks have no result yet</source>
        <translation>Inget fel hittat hittills; några kontroller saknar ännu resultat</translation>
    </message>
    <message>
        <source>No problem found</source>
        <translation>Inget fel hittat</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>ok</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>fel</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>okänt</translation>
    </message>
    <message>
        <source>not applicable</source>
        <translation>inte tillämpligt</translation>
    </message>
    <message>
        <source>The bus powers the module</source>
        <translation>Bussen matar modulen</translation>
    </message>
    <message>
        <source>The bus does not power the module</source>
        <translation>Bussen matar inte modulen</translation>
    </message>
    <message>
        <source>The link to the meter is open</source>
        <translation>Länken till mätaren är öppen</translation>
    </message>
    <message>
        <source>The link to the meter is not open</source>
        <translation>Länken till mätaren är inte öppen</translation>
    </message>
    <message>
        <source>Reading is not paused</source>
        <translation>Avläsningen är inte pausad</translation>
    </message>
    <message>
        <source>Reading is paused</source>
        <translation>Avläsningen är pausad</translation>
    </message>
    <message>
        <source>The meter answers</source>
        <translation>Mätaren svarar</translation>
    </message>
    <message>
        <source>The meter does not answer correctly</source>
        <translation>Mätaren svarar inte korrekt</translation>
    </message>
    <message>
        <source>The meter reports the disconnector&apos;s state</source>
        <translation>Mätaren rapporterar brytarens läge</translation>
    </message>
    <message>
        <source>The meter does not report the disconnector&apos;s state</source>
        <translation>Mätaren rapporterar inte brytarens läge</translation>
    </message>
    <message>
        <source>Disconnector control allows the button</source>
        <translation>Brytarstyrningen tillåter knappen</translation>
    </message>
    <message>
        <source>Disconnector control does not allow the button</source>
        <translation>Brytarstyrningen tillåter inte knappen</translation>
    </message>
    <message>
        <source>Each input is either low or active</source>
        <translation>Varje ingång är antingen låg eller aktiv</translation>
    </message>
    <message>
        <source>An input is neither low nor active</source>
        <translation>En ingång är varken låg eller aktiv</translation>
    </message>
    <message>
        <source>The inputs have been stable for 5 s</source>
        <translation>Ingångarna har varit stabila i 5 s</translation>
    </message>
    <message>
        <source>The inputs have not been stable for 5 s</source>
        <translation>Ingångarna har inte varit stabila i 5 s</translation>
    </message>
    <message>
        <source>The rate inputs are enabled</source>
        <translation>Tariffingångarna är aktiverade</translation>
    </message>
    <message>
        <source>The rate inputs are not enabled</source>
        <translation>Tariffingångarna är inte aktiverade</translation>
    </message>
    <message>
        <source>The rate mapping table has a rate for the inputs</source>
        <translation>Tarifftabellen har en tariff för ingångarna</translation>
    </message>
    <message>
        <source>The rate mapping table has no rate for the inputs</source>
        <translation>Tarifftabellen har ingen tariff för ingångarna</translation>
    </message>
    <message>
        <source>The meter accepts the password</source>
        <translation>Mätaren godtar lösenordet</translation>
    </message>
    <message>
        <source>The meter refuses the password</source>
        <translation>Mätaren avvisar lösenordet</translation>
    </message>
    <message>
        <source>The right password is sent for this command</source>
        <translation>Rätt lösenord skickas för detta kommando</translation>
    </message>
    <message>
        <source>The meter requires another password for this command</source>
        <translation>Mätaren kräver ett annat lösenord för detta kommando</translation>
    </message>
    <message>
        <source>The meter is not locked</source>
        <translation>Mätaren är inte låst</translation>
    </message>
    <message>
        <source>The meter is locked</source>
        <translation>Mätaren är låst</translation>
    </message>
    <message>
        <source>The meter answers commands</source>
        <translation>Mätaren svarar på kommandon</translation>
    </message>
    <message>
        <source>The meter does not answer commands</source>
        <translation>Mätaren svarar inte på kommandon</translation>
    </message>
    <message>
        <source>The disconnector has moved</source>
        <translation>Brytaren har ställts om</translation>
    </message>
    <message>
        <source>The disconnector has not moved</source>
        <translation>Brytaren har inte ställts om</translation>
    </message>
    <message>
        <source>The meter has the requested rate</source>
        <translation>Mätaren har den begärda tariffen</translation>
    </message>
    <message>
        <source>The meter has another rate than requested</source>
        <translation>Mätaren har en annan tariff än den begärda</translation>
    </message>
    <message>
        <source>No switching is in progress</source>
        <translation>Ingen omställning pågår</translation>
    </message>
    <message>
        <source>Switching is in progress</source>
        <translation>En omställning pågår</translation>
    </message>
    <message>
        <source>There was no second request within the 10 s</source>
        <translation>Ingen andra begäran kom inom de 10 s</translation>
    </message>
    <message>
        <source>There was a second request within the 10 s</source>
        <translation>En andra begäran kom inom de 10 s</translation>
    </message>
    <message>
        <source>The last switching took the normal time</source>
        <translation>Senaste omställningen tog normal tid</translation>
    </message>
    <message>
        <source>The last switching took longer than normal</source>
        <translation>Senaste omställningen tog längre tid än normalt</translation>
    </message>
    <message>
        <source>The bus has 21 to 42 V DC</source>
        <translation>Bussen har 21 till 42 V DC</translation>
    </message>
    <message>
        <source>The bus does not have 21 to 42 V DC</source>
        <translation>Bussen har inte 21 till 42 V DC</translation>
    </message>
    <message>
        <source>The module can be reached</source>
        <translation>Modulen kan nås</translation>
    </message>
    <message>
        <source>The module cannot be reached</source>
        <translation>Modulen kan inte nås</translation>
    </message>
    <message>
        <source>Data is received from a master</source>
        <translation>Data tas emot från en master</translation>
    </message>
    <message>
        <source>No data is received from a master</source>
        <translation>Inga data tas emot från en master</translation>
    </message>
    <message>
        <source>The master uses the address of this module</source>
        <translation>Mastern använder denna moduls adress</translation>
    </message>
    <message>
        <source>The master uses another address</source>
        <translation>Mastern använder en annan adress</translation>
    </message>
    <message>
        <source>No other slave has the same address</source>
        <translation>Ingen annan slav har samma adress</translation>
    </message>
    <message>
        <source>Another slave seems to have the same address</source>
        <translation>En annan slav tycks ha samma adress</translation>
    </message>
    <message>
        <source>The master uses the module&apos;s speed</source>
        <translation>Mastern använder modulens hastighet</translation>
    </message>
    <message>
        <source>The master seems to use another speed</source>
        <translation>Mastern tycks använda en annan hastighet</translation>
    </message>
    <message>
        <source>Answers are sent in time</source>
        <translation>Svaren skickas i tid</translation>
    </message>
    <message>
        <source>An answer was too late to be sent</source>
        <translation>Ett svar var för sent för att skickas</translation>
    </message>
    <message>
        <source>The module accepts the master&apos;s commands</source>
        <translation>Modulen godtar masterns kommandon</translation>
    </message>
    <message>
        <source>The module refused a master&apos;s command</source>
        <translation>Modulen avvisade ett kommando från mastern</translation>
    </message>
    <message>
        <source>The meter does not have the rate</source>
        <translation>Mätaren har inte tariffen</translation>
    </message>
    <message>
        <source>The meter type has the rate</source>
        <translation>Mätartypen har tariffen</translation>
    </message>
    <message>
        <source>The meter has no disconnector</source>
        <translation>Mätaren har ingen brytare</translation>
    </message>
    <message>
        <source>The meter type has a disconnector</source>
        <translation>Mätartypen har en brytare</translation>
    </message>
    <message>
        <source>{0} lines read just now</source>
        <translation>{0} rader avlästa nyss</translation>
    </message>
    <message>
        <source>The meter requires no password for this command, and none is sent</source>
        <translation>Mätaren kräver inget lösenord för detta kommando, och inget skickas</translation>
    </message>
    <message>
        <source>No password is sent, but the meter requires one</source>
        <translation>Inget lösenord skickas, men mätaren kräver ett</translation>
    </message>
    <message>
        <source>No password is sent from now on; not tried yet</source>
        <translation>Från och med nu skickas inget lösenord; ännu inte provat</translation>
    </message>
    <message>
        <source>Unknown until the problem above is fixed</source>
        <translation>Okänt tills felet ovan är åtgärdat</translation>
    </message>
    <message>
        <source>Not tried since the program started</source>
        <translation>Inte provat sedan programmet startade</translation>
    </message>
    <message>
        <source>{0} on the bus</source>
        <translation>{0} på bussen</translation>
    </message>
    <message>
        <source>A real bus; the program cannot measure its voltage</source>
        <translation>En riktig buss; programmet kan inte mäta dess spänning</translation>
    </message>
    <message>
        <source>No voltage on the bus; both LEDs are off</source>
        <translation>Ingen spänning på bussen; båda lysdioderna är släckta</translation>
    </message>
    <message>
        <source>{0} on the bus; the module needs {1}</source>
        <translation>{0} på bussen; modulen behöver {1}</translation>
    </message>
    <message>
        <source>{0} is open</source>
        <translation>{0} är öppen</translation>
    </message>
    <message>
        <source>{0} is being opened</source>
        <translation>{0} öppnas</translation>
    </message>
    <message>
        <source>{0} is closed</source>
        <translation>{0} är stängd</translation>
    </message>
    <message>
        <source>The module reads the meter every {0}</source>
        <translation>Modulen läser av mätaren med {0} mellanrum</translation>
    </message>
    <message>
        <source>The meter is free for an optical head; commands wait until reading resumes</source>
        <translation>Mätaren är fri för ett optiskt läshuvud; kommandon väntar tills avläsningen återupptas</translation>
    </message>
    <message>
        <source>{1} lines read {0} ago</source>
        <translation>{1} rader avlästa för {0} sedan</translation>
    </message>
    <message>
        <source>The first readout is not complete yet</source>
        <translation>Första avläsningen är inte klar ännu</translation>
    </message>
    <message>
        <source>Failed readouts in a row: {0}; contact counts as lost after {1}</source>
        <translation>Misslyckade avläsningar i rad: {0}; kontakten räknas som förlorad efter {1}</translation>
    </message>
    <message>
        <source>No answer; failed readouts in a row: {0}</source>
        <translation>Inget svar; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>The data from the meter is damaged; failed readouts in a row: {0}</source>
        <translation>Data från mätaren är skadade; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>The data from the meter is undamaged, but not accepted; failed readouts in a row: {0}</source>
        <translation>Data från mätaren är oskadade men godtas inte; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>The meter refuses the readout; failed readouts in a row: {0}</source>
        <translation>Mätaren avvisar avläsningen; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>The device that answers does not offer mode C of IEC 62056-21; failed readouts in a row: {0}</source>
        <translation>Enheten som svarar erbjuder inte mode C i IEC 62056-21; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>It is open</source>
        <translation>Den är öppen</translation>
    </message>
    <message>
        <source>It is closed</source>
        <translation>Den är sluten</translation>
    </message>
    <message>
        <source>It is being switched</source>
        <translation>Den ställs om</translation>
    </message>
    <message>
        <source>C.5.0 is missing from the readout or too short</source>
        <translation>C.5.0 saknas i avläsningen eller är för kort</translation>
    </message>
    <message>
        <source>The setting includes the push button</source>
        <translation>Inställningen omfattar tryckknappen</translation>
    </message>
    <message>
        <source>The setting is off: neither the button nor the bus can switch</source>
        <translation>Inställningen är av: varken knappen eller bussen kan ställa om</translation>
    </message>
    <message>
        <source>The setting is bus only</source>
        <translation>Inställningen är bara buss</translation>
    </message>
    <message>
        <source>B = {0}, A = {1}</source>
        <translation>B = {0}, A = {1}</translation>
    </message>
    <message>
        <source>Input {0} has {1} AC; it is active from {2}</source>
        <translation>Ingång {0} har {1} AC; den är aktiv från {2}</translation>
    </message>
    <message>
        <source>B = {0}, A = {1} for {2}</source>
        <translation>B = {0}, A = {1} i {2}</translation>
    </message>
    <message>
        <source>Stable for {0} of {1}</source>
        <translation>Stabila i {0} av {1}</translation>
    </message>
    <message>
        <source>The inputs select the rate</source>
        <translation>Ingångarna väljer tariff</translation>
    </message>
    <message>
        <source>The setting is off: a change at the inputs causes a rate error</source>
        <translation>Inställningen är av: en ändring på ingångarna ger ett tariffel</translation>
    </message>
    <message>
        <source>B = {0}, A = {1} selects rate {2}</source>
        <translation>B = {0}, A = {1} väljer tariff {2}</translation>
    </message>
    <message>
        <source>B = {0}, A = {1} means no change</source>
        <translation>B = {0}, A = {1} betyder ingen ändring</translation>
    </message>
    <message>
        <source>The meter accepted {0} {1} ago</source>
        <translation>Mätaren godtog {0} för {1} sedan</translation>
    </message>
    <message>
        <source>The meter refused {0} {1} ago</source>
        <translation>Mätaren avvisade {0} för {1} sedan</translation>
    </message>
    <message>
        <source>{0} has changed since it was last sent</source>
        <translation>{0} har ändrats sedan det senast skickades</translation>
    </message>
    <message>
        <source>{0} has not been sent since the program started</source>
        <translation>{0} har inte skickats sedan programmet startade</translation>
    </message>
    <message>
        <source>No password is sent for this command</source>
        <translation>Inget lösenord skickas för detta kommando</translation>
    </message>
    <message>
        <source>The meter accepts commands</source>
        <translation>Mätaren tar emot kommandon</translation>
    </message>
    <message>
        <source>After a wrong password, the meter refuses everything for another {0}</source>
        <translation>Efter ett felaktigt lösenord avvisar mätaren allt i {0} till</translation>
    </message>
    <message>
        <source>{0} is sent, as the meter requires</source>
        <translation>{0} skickas, som mätaren kräver</translation>
    </message>
    <message>
        <source>{0} is sent, but the meter requires another password for this command</source>
        <translation>{0} skickas, men mätaren kräver ett annat lösenord för detta kommando</translation>
    </message>
    <message>
        <source>{0} is sent from now on; not tried yet</source>
        <translation>Från och med nu skickas {0}; ännu inte provat</translation>
    </message>
    <message>
        <source>{0} has carried out the command</source>
        <translation>{0} har utfört kommandot</translation>
    </message>
    <message>
        <source>{0} refused the command; it seems to have no disconnector</source>
        <translation>{0} avvisade kommandot; den tycks inte ha någon brytare</translation>
    </message>
    <message>
        <source>{1} refused rate {0}</source>
        <translation>{1} avvisade tariff {0}</translation>
    </message>
    <message>
        <source>{0} does not understand the command (NAK)</source>
        <translation>{0} förstår inte kommandot (NAK)</translation>
    </message>
    <message>
        <source>The meter answered {0} ago</source>
        <translation>Mätaren svarade för {0} sedan</translation>
    </message>
    <message>
        <source>The meter can be read, but did not answer a command {0} ago</source>
        <translation>Mätaren kan avläsas, men svarade inte på ett kommando för {0} sedan</translation>
    </message>
    <message>
        <source>The meter did not answer the last command; try again</source>
        <translation>Mätaren svarade inte på det senaste kommandot; försök igen</translation>
    </message>
    <message>
        <source>{1} ago; it took {0}</source>
        <translation>För {1} sedan; det tog {0}</translation>
    </message>
    <message>
        <source>Switching takes about 10 s; {0} left</source>
        <translation>Omställningen tar omkring 10 s; {0} kvar</translation>
    </message>
    <message>
        <source>The meter accepted the command {0} ago, but reports the old state</source>
        <translation>Mätaren godtog kommandot för {0} sedan, men rapporterar det gamla läget</translation>
    </message>
    <message>
        <source>Rate {0}</source>
        <translation>Tariff {0}</translation>
    </message>
    <message>
        <source>Rate {0} was requested, but the meter reports rate {1}</source>
        <translation>Tariff {0} begärdes, men mätaren rapporterar tariff {1}</translation>
    </message>
    <message>
        <source>Rate {0} is being set</source>
        <translation>Tariff {0} ställs in</translation>
    </message>
    <message>
        <source>No rate has been requested</source>
        <translation>Ingen tariff har begärts</translation>
    </message>
    <message>
        <source>A press takes effect at once; switching takes about 10 s</source>
        <translation>En tryckning verkställs genast; omställningen tar omkring 10 s</translation>
    </message>
    <message>
        <source>{1} ago, {0} after switching began; it had no effect</source>
        <translation>För {1} sedan, {0} efter omställningens början; den hade ingen verkan</translation>
    </message>
    <message>
        <source>Not in the last minute</source>
        <translation>Inte den senaste minuten</translation>
    </message>
    <message>
        <source>{0} from the press to the meter&apos;s report</source>
        <translation>{0} från tryckningen till mätarens rapport</translation>
    </message>
    <message>
        <source>{0} on the bus; the maximum for the module is {1}</source>
        <translation>{0} på bussen; det högsta för modulen är {1}</translation>
    </message>
    <message>
        <source>No link for a master is wired</source>
        <translation>Ingen länk för en master är inkopplad</translation>
    </message>
    <message>
        <source>Last received {0} ago</source>
        <translation>Senast mottaget för {0} sedan</translation>
    </message>
    <message>
        <source>Nothing received since the program started</source>
        <translation>Inget mottaget sedan programmet startade</translation>
    </message>
    <message>
        <source>Its telegrams can be read at {0} bit/s</source>
        <translation>Dess telegram kan läsas med {0} bit/s</translation>
    </message>
    <message>
        <source>{0} unreadable fragments, the last {1} ago; the module uses {2} bit/s</source>
        <translation>{0} oläsliga fragment, det senaste för {1} sedan; modulen använder {2} bit/s</translation>
    </message>
    <message>
        <source>Address {1}, {0} ago</source>
        <translation>Adress {1}, för {0} sedan</translation>
    </message>
    <message>
        <source>{0} ago, the master used address {1}; the module has {2}</source>
        <translation>För {0} sedan använde mastern adress {1}; modulen har {2}</translation>
    </message>
    <message>
        <source>{0} ago, the master selected {1}; the module is {2}</source>
        <translation>För {0} sedan valde mastern {1}; modulen är {2}</translation>
    </message>
    <message>
        <source>No sign of a second answer</source>
        <translation>Inget tecken på ett andra svar</translation>
    </message>
    <message>
        <source>The same request came {0} times although it was answered; the last {1} ago</source>
        <translation>Samma begäran kom {0} gånger trots att den besvarats; den senaste för {1} sedan</translation>
    </message>
    <message>
        <source>Another slave answered with address {0}, {1} ago</source>
        <translation>En annan slav svarade med adress {0}, för {1} sedan</translation>
    </message>
    <message>
        <source>No answer was withheld in the last minute</source>
        <translation>Inget svar hölls inne den senaste minuten</translation>
    </message>
    <message>
        <source>One answer was withheld {0} ago; later answers were sent in time</source>
        <translation>Ett svar hölls inne för {0} sedan; senare svar skickades i tid</translation>
    </message>
    <message>
        <source>None in the last minute; since the links were wired, {0} withheld, {1} sent</source>
        <translation>Inget den senaste minuten; sedan länkarna kopplades in har {0} hållits inne, {1} skickats</translation>
    </message>
    <message>
        <source>Withheld {0} ago: the window of EN 13757-2 had passed</source>
        <translation>Hölls inne för {0} sedan: tidsfönstret i EN 13757-2 hade passerat</translation>
    </message>
    <message>
        <source>No command was refused in the last minute</source>
        <translation>Inget kommando avvisades den senaste minuten</translation>
    </message>
    <message>
        <source>{0} ago: {1}</source>
        <translation>För {0} sedan: {1}</translation>
    </message>
    <message>
        <source>Check that the meter has power, that the optical head sits straight on it, and that the head has power: some heads require RTS or DTR to be always on.</source>
        <translation>Kontrollera att mätaren har spänning, att läshuvudet sitter rakt på den och att läshuvudet matas: en del läshuvuden kräver att RTS eller DTR alltid är på.</translation>
    </message>
    <message>
        <source>Measure the voltage where the transceiver is connected to the bus: it must be 21 to 42 V DC.</source>
        <translation>Mät spänningen där transceivern är ansluten till bussen: den ska vara 21 till 42 V DC.</translation>
    </message>
    <message>
        <source>Connect the M-Bus master, and measure the voltage at the terminals: it must be 21 to 42 V DC.</source>
        <translation>Anslut M-Bus-mastern och mät spänningen på plintarna: den ska vara 21 till 42 V DC.</translation>
    </message>
    <message>
        <source>Measure the voltage at the terminals: a long cable or too many slaves lower it.</source>
        <translation>Mät spänningen på plintarna: en lång kabel eller för många slavar sänker den.</translation>
    </message>
    <message>
        <source>Measure the voltage at the terminals, and have the power supply of the master checked.</source>
        <translation>Mät spänningen på plintarna och låt någon kontrollera masterns matning.</translation>
    </message>
    <message>
        <source>Connect it on the page Wiring.</source>
        <translation>Anslut den på sidan Inkoppling.</translation>
    </message>
    <message>
        <source>Fix the problem that the link reports, or wire another link.</source>
        <translation>Åtgärda det fel som länken rapporterar, eller koppla in en annan länk.</translation>
    </message>
    <message>
        <source>Wire a port, a TCP address or a pseudo-terminal on the page Wiring.</source>
        <translation>Koppla in en port, en TCP-adress eller en pseudoterminal på sidan Inkoppling.</translation>
    </message>
    <message>
        <source>Switch the pause off when the optical head has been removed.</source>
        <translation>Stäng av pausen när det optiska läshuvudet har tagits bort.</translation>
    </message>
    <message>
        <source>Check that the meter has power and that the module sits firmly in its slot.</source>
        <translation>Kontrollera att mätaren har spänning och att modulen sitter fast i sitt fack.</translation>
    </message>
    <message>
        <source>Look for interference on the line, or for another device that communicates with the meter.</source>
        <translation>Leta efter störningar på ledningen, eller efter en annan enhet som kommunicerar med mätaren.</translation>
    </message>
    <message>
        <source>See on the page Traffic what the meter sends, and compare it with the meter&apos;s manual.</source>
        <translation>Se på sidan Trafik vad mätaren skickar, och jämför det med mätarens manual.</translation>
    </message>
    <message>
        <source>Wait a minute, and see on the page Traffic what the meter answers.</source>
        <translation>Vänta en minut, och se på sidan Trafik vad mätaren svarar.</translation>
    </message>
    <message>
        <source>Verify that the meter is an E350.</source>
        <translation>Kontrollera att mätaren är en E350.</translation>
    </message>
    <message>
        <source>Have C.5.0 added to the meter&apos;s readout list.</source>
        <translation>Se till att C.5.0 läggs till i mätarens avläsningslista.</translation>
    </message>
    <message>
        <source>Set disconnector control to push button, or to both.</source>
        <translation>Ställ in brytarstyrning på tryckknapp, eller på båda.</translation>
    </message>
    <message>
        <source>Apply at least 24 V AC to the input, or remove the voltage.</source>
        <translation>Lägg minst 24 V AC på ingången, eller ta bort spänningen.</translation>
    </message>
    <message>
        <source>Enable the rate inputs.</source>
        <translation>Aktivera tariffingångarna.</translation>
    </message>
    <message>
        <source>Choose a rate for this combination in the rate mapping table.</source>
        <translation>Välj en tariff för kombinationen i tarifftabellen.</translation>
    </message>
    <message>
        <source>Enter the password of the meter, wait until the meter is unlocked, and try again.</source>
        <translation>Ange mätarens lösenord, vänta tills mätaren är upplåst och försök igen.</translation>
    </message>
    <message>
        <source>Choose which password, P1 or P2, is sent for this command, and try again.</source>
        <translation>Välj vilket lösenord, P1 eller P2, som skickas för detta kommando och försök igen.</translation>
    </message>
    <message>
        <source>Verify the meter type: it must be one with a disconnector.</source>
        <translation>Kontrollera mätartypen: den måste ha brytare.</translation>
    </message>
    <message>
        <source>Choose a rate that the meter has, or verify the meter type: it must be configured for rates.</source>
        <translation>Välj en tariff som mätaren har, eller kontrollera mätartypen: den måste vara konfigurerad för tariffer.</translation>
    </message>
    <message>
        <source>Verify the meter type, and the meter profile in the settings.</source>
        <translation>Kontrollera mätartypen och mätarprofilen i inställningarna.</translation>
    </message>
    <message>
        <source>See on the page Traffic where the session ends: the programming mode of the meter may be disabled.</source>
        <translation>Se på sidan Trafik var sessionen avbryts: mätarens programmeringsläge kan vara spärrat.</translation>
    </message>
    <message>
        <source>Press again. If the state does not change, the disconnector itself or another controller may be the cause.</source>
        <translation>Tryck igen. Om läget inte ändras kan orsaken vara brytaren själv eller en annan styrning.</translation>
    </message>
    <message>
        <source>The rate may have been set by another device: change an input, or set the rate again.</source>
        <translation>Tariffen kan ha ställts in av en annan enhet: ändra en ingång, eller ställ in tariffen igen.</translation>
    </message>
    <message>
        <source>Wait about 10 s between two presses; switching cannot be faster.</source>
        <translation>Vänta omkring 10 s mellan två tryckningar; omställningen kan inte gå fortare.</translation>
    </message>
    <message>
        <source>The meter was busy or did not answer at once; see on the page Traffic what took the time.</source>
        <translation>Mätaren var upptagen eller svarade inte genast; se på sidan Trafik vad som tog tid.</translation>
    </message>
    <message>
        <source>Connect the master to the address on the page Built-in module, and read the module with it.</source>
        <translation>Anslut mastern till adressen på sidan Inbyggd modul, och läs av modulen med den.</translation>
    </message>
    <message>
        <source>Set master and module to the same speed, 300 or 2400 bit/s.</source>
        <translation>Ställ in samma hastighet i master och modul, 300 eller 2400 bit/s.</translation>
    </message>
    <message>
        <source>Set master and module to the same primary address.</source>
        <translation>Ställ in samma primäradress i master och modul.</translation>
    </message>
    <message>
        <source>In the master, select the number on the label, or the number that was set.</source>
        <translation>Välj i mastern numret på etiketten, eller det nummer som ställts in.</translation>
    </message>
    <message>
        <source>Two slaves may answer at the same time: find all slaves on the bus and give each its own address.</source>
        <translation>Två slavar kan svara samtidigt: hitta alla slavar på bussen och ge var och en sin egen adress.</translation>
    </message>
    <message>
        <source>Give each slave on the bus its own address.</source>
        <translation>Ge varje slav på bussen sin egen adress.</translation>
    </message>
    <message>
        <source>The computer or the link was too slow; most masters repeat the request. Close programs that keep the computer busy, switch off power saving and USB suspend, and plug the adapter directly into the computer.</source>
        <translation>Datorn eller länken var för långsam; de flesta mastrar upprepar begäran. Stäng program som håller datorn upptagen, slå av strömsparläge och USB-vila, och anslut adaptern direkt till datorn.</translation>
    </message>
    <message>
        <source>Fix the cause given above, and send the command again.</source>
        <translation>Åtgärda den angivna orsaken, och skicka kommandot igen.</translation>
    </message>
    <message>
        <source>Show the faults</source>
        <translation>Visa felen</translation>
    </message>
    <message>
        <source>Show the pause switch</source>
        <translation>Visa pausreglaget</translation>
    </message>
    <message>
        <source>Show on the module</source>
        <translation>Visa på modulen</translation>
    </message>
    <message>
        <source>Open the setting</source>
        <translation>Öppna inställningen</translation>
    </message>
    <message>
        <source>Open the wiring</source>
        <translation>Öppna inkopplingen</translation>
    </message>
    <message>
        <source>Show the readings</source>
        <translation>Visa avläsningarna</translation>
    </message>
    <message>
        <source>Show the traffic</source>
        <translation>Visa trafiken</translation>
    </message>
    <message>
        <source>Find all slaves</source>
        <translation>Hitta alla slavar</translation>
    </message>
    <message>
        <source>Have C.1.0 added to the meter&apos;s readout list.</source>
        <translation>Se till att C.1.0 läggs till i mätarens avläsningslista.</translation>
    </message>
    <message>
        <source>The readout does not have the meter&apos;s number</source>
        <translation>Avläsningen saknar mätarens nummer</translation>
    </message>
    <message>
        <source>The readout has the meter&apos;s number</source>
        <translation>Avläsningen innehåller mätarens nummer</translation>
    </message>
    <message>
        <source>A password cannot be read: write it again, and try the command.</source>
        <translation>Ett lösenord kan inte läsas: skriv det på nytt och prova kommandot.</translation>
    </message>
    <message>
        <source>A rate that was set over the bus remains until the inputs change: change an input, and read the module after 20 s.</source>
        <translation>En tariff som ställts in via bussen gäller tills ingångarna ändras: ändra en ingång och läs av modulen efter 20 s.</translation>
    </message>
    <message>
        <source>A real meter is wired</source>
        <translation>En riktig mätare är inkopplad</translation>
    </message>
    <message>
        <source>After a wrong password, a meter refuses everything for a while: wait some minutes, and try again.</source>
        <translation>Efter ett fel lösenord avvisar en mätare allt under en stund: vänta några minuter och försök igen.</translation>
    </message>
    <message>
        <source>Align the head. If the adapter cannot change its speed, add max_baud=300 to the LINK.</source>
        <translation>Rikta in läshuvudet. Om adaptern inte kan byta hastighet, lägg till max_baud=300 i dess LINK.</translation>
    </message>
    <message>
        <source>Another device seems to communicate with the meter</source>
        <translation>En annan enhet tycks kommunicera med mätaren</translation>
    </message>
    <message>
        <source>Another slave in the list also has address {0}</source>
        <translation>En annan slav i listan har också adress {0}</translation>
    </message>
    <message>
        <source>Ask the owner of the meter which password the meter requires for this command.</source>
        <translation>Fråga mätarens ägare vilket lösenord mätaren kräver för detta kommando.</translation>
    </message>
    <message>
        <source>At the meter: check on the type plate that it is an E350.</source>
        <translation>Vid mätaren: kontrollera på typskylten att det är en E350.</translation>
    </message>
    <message>
        <source>At the meter: check on the type plate that this type supports the command.</source>
        <translation>Vid mätaren: kontrollera på typskylten att denna typ stöder kommandot.</translation>
    </message>
    <message>
        <source>At the meter: check the display, and press the module into its slot.</source>
        <translation>Vid mätaren: kontrollera displayen och tryck fast modulen i sitt fack.</translation>
    </message>
    <message>
        <source>At the meter: remove any optical head.</source>
        <translation>Vid mätaren: ta bort eventuella optiska läshuvuden.</translation>
    </message>
    <message>
        <source>At the module: check whether the red LED flashes every 5 s. Then read the module again.</source>
        <translation>Vid modulen: kontrollera om den röda lysdioden blinkar var 5:e sekund. Läs sedan av modulen igen.</translation>
    </message>
    <message>
        <source>B = {0}, A = {1}, {2} ago; the voltages are not visible</source>
        <translation>B = {0}, A = {1} för {2} sedan; spänningarna syns inte</translation>
    </message>
    <message>
        <source>C.1.0 is missing from the readout; the red LED is steady</source>
        <translation>C.1.0 saknas i avläsningen; den röda lysdioden lyser med fast sken</translation>
    </message>
    <message>
        <source>Check that the bus has voltage at the module, and read it again. If its address or its speed may have changed, search the bus.</source>
        <translation>Kontrollera att bussen har spänning vid modulen och läs av den igen. Om dess adress eller hastighet kan ha ändrats, sök på bussen.</translation>
    </message>
    <message>
        <source>Check that the inputs are enabled, that the meter has the rate, and which password it requires.</source>
        <translation>Kontrollera att ingångarna är aktiverade, att mätaren har tariffen och vilket lösenord den kräver.</translation>
    </message>
    <message>
        <source>Check the password and which password is sent, press the button again, and read the module after 20 s.</source>
        <translation>Kontrollera lösenordet och vilket lösenord som skickas, tryck på knappen igen och läs av modulen efter 20 s.</translation>
    </message>
    <message>
        <source>Check the value of the command, and whether the settings allow it; then send it again.</source>
        <translation>Kontrollera kommandots värde och om inställningarna tillåter det; skicka det sedan igen.</translation>
    </message>
    <message>
        <source>Compare it with the rate that was last requested.</source>
        <translation>Jämför med den tariff som senast begärdes.</translation>
    </message>
    <message>
        <source>Data is received all the time, so no request can be sent; failed readouts in a row: {0}</source>
        <translation>Data tas emot hela tiden, så ingen begäran kan skickas; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>Data is received from the meter</source>
        <translation>Data tas emot från mätaren</translation>
    </message>
    <message>
        <source>Measure the time from the press until the disconnector moves: 10 s are normal.</source>
        <translation>Mät tiden från tryckningen tills brytaren ställs om: 10 s är normalt.</translation>
    </message>
    <message>
        <source>Measure the voltage at both inputs: an input is active from 24 V AC, and low without voltage.</source>
        <translation>Mät spänningen på båda ingångarna: en ingång är aktiv från 24 V AC och låg utan spänning.</translation>
    </message>
    <message>
        <source>Meter {0}</source>
        <translation>Mätare {0}</translation>
    </message>
    <message>
        <source>No answer to the last request to address {0}</source>
        <translation>Inget svar på den senaste begäran till adress {0}</translation>
    </message>
    <message>
        <source>No damage in the last readout</source>
        <translation>Inga skador i den senaste avläsningen</translation>
    </message>
    <message>
        <source>No data is received from the meter</source>
        <translation>Inga data tas emot från mätaren</translation>
    </message>
    <message>
        <source>No other device communicates with the meter</source>
        <translation>Ingen annan enhet kommunicerar med mätaren</translation>
    </message>
    <message>
        <source>No other slave in the list has its address</source>
        <translation>Ingen annan slav i listan har dess adress</translation>
    </message>
    <message>
        <source>No sign of another device</source>
        <translation>Inget tecken på en annan enhet</translation>
    </message>
    <message>
        <source>No such fault is on</source>
        <translation>Inget sådant fel är på</translation>
    </message>
    <message>
        <source>Not visible over the bus</source>
        <translation>Syns inte via bussen</translation>
    </message>
    <message>
        <source>Nothing could be read at {0} bit/s {1} ago, so the module reads at 300 bit/s</source>
        <translation>Inget kunde läsas med {0} bit/s för {1} sedan, så modulen läser av med 300 bit/s</translation>
    </message>
    <message>
        <source>Only an echo of the sent data is received; failed readouts in a row: {0}</source>
        <translation>Endast ett eko av sända data tas emot; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>Press once, and wait 10 s before the next press.</source>
        <translation>Tryck en gång och vänta 10 s till nästa tryckning.</translation>
    </message>
    <message>
        <source>Press the button, and read the module after 20 s: the reported state must have changed.</source>
        <translation>Tryck på knappen och läs av modulen efter 20 s: det rapporterade läget ska ha ändrats.</translation>
    </message>
    <message>
        <source>Read it again. If it fails again, look for two slaves with the same address or for interference.</source>
        <translation>Läs av den igen. Om det misslyckas igen, leta efter två slavar med samma adress eller efter störningar.</translation>
    </message>
    <message>
        <source>Read the module again after 10 s.</source>
        <translation>Läs av modulen igen efter 10 s.</translation>
    </message>
    <message>
        <source>Read the module</source>
        <translation>Läs av modulen</translation>
    </message>
    <message>
        <source>Read the module: its telegrams first, then its settings.</source>
        <translation>Läs av modulen: först dess telegram, sedan dess inställningar.</translation>
    </message>
    <message>
        <source>Read the module; this opens the link.</source>
        <translation>Läs av modulen; då öppnas länken.</translation>
    </message>
    <message>
        <source>Remove any other optical head, and end any other program that communicates with this meter.</source>
        <translation>Ta bort andra optiska läshuvuden och avsluta andra program som kommunicerar med denna mätare.</translation>
    </message>
    <message>
        <source>Remove speed and character format from the LINK, unless the adapter requires them.</source>
        <translation>Ta bort hastighet och teckenformat ur LINK, om inte adaptern kräver dem.</translation>
    </message>
    <message>
        <source>Requests are sent at {0} bit/s</source>
        <translation>Begäran skickas med {0} bit/s</translation>
    </message>
    <message>
        <source>Search the bus at 300 and at 2400 bit/s.</source>
        <translation>Sök på bussen med 300 och med 2400 bit/s.</translation>
    </message>
    <message>
        <source>Speed and character format suit the meter</source>
        <translation>Hastighet och teckenformat passar mätaren</translation>
    </message>
    <message>
        <source>Speed or character format may not suit the meter</source>
        <translation>Hastighet eller teckenformat passar kanske inte mätaren</translation>
    </message>
    <message>
        <source>Switch the fault off.</source>
        <translation>Slå av felet.</translation>
    </message>
    <message>
        <source>Switched on: {0}</source>
        <translation>På: {0}</translation>
    </message>
    <message>
        <source>The answer {0} ago reported a rate error; the red LED blinks every second</source>
        <translation>Svaret för {0} sedan rapporterade ett tariffel; den röda lysdioden blinkar varje sekund</translation>
    </message>
    <message>
        <source>The answer {0} ago reported no contact with the meter</source>
        <translation>Svaret för {0} sedan rapporterade att kontakt med mätaren saknas</translation>
    </message>
    <message>
        <source>The answer {0} ago reported no failed switching</source>
        <translation>Svaret för {0} sedan rapporterade ingen misslyckad omställning</translation>
    </message>
    <message>
        <source>The answer {0} ago reported no refused command</source>
        <translation>Svaret för {0} sedan rapporterade inget avvisat kommando</translation>
    </message>
    <message>
        <source>The answer {0} ago reported that switching failed</source>
        <translation>Svaret för {0} sedan rapporterade att omställningen misslyckades</translation>
    </message>
    <message>
        <source>The answer {0} ago reported that the command before it was refused (application error)</source>
        <translation>Svaret för {0} sedan rapporterade att kommandot före det avvisades (application error)</translation>
    </message>
    <message>
        <source>The cable works up to the head. Check that the meter has power, and that the head sits straight on it and is not rotated.</source>
        <translation>Kabeln fungerar fram till läshuvudet. Kontrollera att mätaren har spänning och att läshuvudet sitter rakt på den och inte är vridet.</translation>
    </message>
    <message>
        <source>The data from the meter is damaged</source>
        <translation>Data från mätaren är skadade</translation>
    </message>
    <message>
        <source>The data from the meter is undamaged</source>
        <translation>Data från mätaren är oskadade</translation>
    </message>
    <message>
        <source>The disconnector was being switched {0} ago</source>
        <translation>Brytaren ställdes om för {0} sedan</translation>
    </message>
    <message>
        <source>The disconnector was not moving {0} ago</source>
        <translation>Brytaren rörde sig inte för {0} sedan</translation>
    </message>
    <message>
        <source>The inputs select rate {0}, but the meter has rate {1}</source>
        <translation>Ingångarna väljer tariff {0}, men mätaren har tariff {1}</translation>
    </message>
    <message>
        <source>The last readout received data</source>
        <translation>Den senaste avläsningen tog emot data</translation>
    </message>
    <message>
        <source>The link has no speed</source>
        <translation>Länken har ingen hastighet</translation>
    </message>
    <message>
        <source>The meter ended the session; failed readouts in a row: {0}</source>
        <translation>Mätaren avslutade sessionen; misslyckade avläsningar i rad: {0}</translation>
    </message>
    <message>
        <source>The meter has no power, or the module is loose</source>
        <translation>Mätaren saknar spänning, eller så sitter modulen löst</translation>
    </message>
    <message>
        <source>The meter has power, and the module is firmly in its slot</source>
        <translation>Mätaren har spänning och modulen sitter fast i sitt fack</translation>
    </message>
    <message>
        <source>The meter has rate {0}</source>
        <translation>Mätaren har tariff {0}</translation>
    </message>
    <message>
        <source>The meter is {0}</source>
        <translation>Mätaren är {0}</translation>
    </message>
    <message>
        <source>The module answers</source>
        <translation>Modulen svarar</translation>
    </message>
    <message>
        <source>The module does not answer</source>
        <translation>Modulen svarar inte</translation>
    </message>
    <message>
        <source>The module does not report its inputs: measure the voltage at both inputs.</source>
        <translation>Modulen rapporterar inte sina ingångar: mät spänningen på båda ingångarna.</translation>
    </message>
    <message>
        <source>The module does not understand the meter</source>
        <translation>Modulen förstår inte mätaren</translation>
    </message>
    <message>
        <source>The module has contact with its meter</source>
        <translation>Modulen har kontakt med sin mätare</translation>
    </message>
    <message>
        <source>The module has not been read yet</source>
        <translation>Modulen har inte lästs av ännu</translation>
    </message>
    <message>
        <source>The module understands the meter</source>
        <translation>Modulen förstår mätaren</translation>
    </message>
    <message>
        <source>The red LED flashes briefly every 5 s: no contact with the meter</source>
        <translation>Den röda lysdioden blinkar kort var 5:e sekund: ingen kontakt med mätaren</translation>
    </message>
    <message>
        <source>The setting has not been read yet</source>
        <translation>Inställningen har inte lästs ännu</translation>
    </message>
    <message>
        <source>The sign-on is sent at {0}</source>
        <translation>Uppkopplingen skickas med {0}</translation>
    </message>
    <message>
        <source>The sign-on is sent at {0}; IEC 62056-21 requires {1}</source>
        <translation>Uppkopplingen skickas med {0}; IEC 62056-21 kräver {1}</translation>
    </message>
    <message>
        <source>The simulated meter has a fault that prevents reading</source>
        <translation>Den simulerade mätaren har ett fel som hindrar avläsning</translation>
    </message>
    <message>
        <source>The simulated meter has no fault that prevents reading</source>
        <translation>Den simulerade mätaren har inget fel som hindrar avläsning</translation>
    </message>
    <message>
        <source>Unknown until the module has been read</source>
        <translation>Okänt tills modulen har lästs av</translation>
    </message>
    <message>
        <source>{0} is not connected</source>
        <translation>{0} är inte ansluten</translation>
    </message>
    <message>
        <source>{0} is sent for this command</source>
        <translation>{0} skickas för detta kommando</translation>
    </message>
    <message>
        <source>Align the optical head and shade it from bright light. A meter uses 7E1: for a gateway at 8N1, add framing=software to the LINK.</source>
        <translation>Rikta in det optiska läshuvudet och skärma av det från starkt ljus. En mätare använder 7E1: för en gateway med 8N1, lägg till framing=software i dess LINK.</translation>
    </message>
    <message>
        <source>remark</source>
        <translation>anmärkning</translation>
    </message>
</context>
<context>
    <name>DiagnosticsPage</name>
    <message>
        <source>Copy report</source>
        <translation>Kopiera rapport</translation>
    </message>
    <message>
        <source>Copy versions, settings, wiring, checks and the last messages as text, without passwords</source>
        <translation>Kopiera versioner, inställningar, inkoppling, kontroller och de senaste meddelandena som text, utan lösenord</translation>
    </message>
    <message>
        <source>Save report...</source>
        <translation>Spara rapport...</translation>
    </message>
    <message>
        <source>Save the same text to a file</source>
        <translation>Spara samma text i en fil</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Felsökning</translation>
    </message>
    <message>
        <source>Symptoms</source>
        <translation>Symptom</translation>
    </message>
    <message>
        <source>No problem found. Choose a symptom to see its possible causes.</source>
        <translation>Inget fel hittat. Välj ett symptom för att se dess möjliga orsaker.</translation>
    </message>
    <message>
        <source>One symptom has a cause; fix the marked problem first</source>
        <translation>Ett symptom har en orsak; åtgärda det markerade felet först</translation>
    </message>
    <message>
        <source>{0} symptoms have a cause; fix the marked problem first</source>
        <translation>{0} symptom har en orsak; åtgärda det markerade felet först</translation>
    </message>
    <message>
        <source>Report copied to the clipboard</source>
        <translation>Rapporten kopierad till urklipp</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Spara rapporten</translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation>Text (*.txt);;Alla filer (*)</translation>
    </message>
    <message>
        <source>Report saved to {0}</source>
        <translation>Rapporten sparad i {0}</translation>
    </message>
    <message>
        <source>The report could not be saved: {0}</source>
        <translation>Rapporten kunde inte sparas: {0}</translation>
    </message>
    <message>
        <source>Read its telegrams, and then its settings</source>
        <translation>Läs av dess telegram och sedan dess inställningar</translation>
    </message>
    <message>
        <source>Read the module to check it</source>
        <translation>Läs av modulen för att kontrollera den</translation>
    </message>
    <message>
        <source>Read the module</source>
        <translation>Läs av modulen</translation>
    </message>
    <message>
        <source>Reading the module...</source>
        <translation>Läser av modulen...</translation>
    </message>
    <message>
        <source>The module is being read</source>
        <translation>Modulen läses av</translation>
    </message>
</context>
<context>
    <name>DropArea</name>
    <message>
        <source>Only files on this computer can be opened</source>
        <translation>Bara filer på den här datorn kan öppnas</translation>
    </message>
    <message>
        <source>Drop to open {0} on the page {1}; one file at a time</source>
        <translation>Släpp för att öppna {0} på sidan {1}; en fil i taget</translation>
    </message>
    <message>
        <source>Drop to open {0} on the page {1}</source>
        <translation>Släpp för att öppna {0} på sidan {1}</translation>
    </message>
    <message>
        <source>Only files on this computer can be opened; save it as a file first</source>
        <translation>Bara filer på den här datorn kan öppnas; spara det som en fil först</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>there is no unit after &apos;*&apos;</source>
        <translation>det finns ingen enhet efter &apos;*&apos;</translation>
    </message>
    <message>
        <source>the identification ends with a single &apos;\&apos;</source>
        <translation>identifieringen slutar med ett ensamt &apos;\&apos;</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(tom)</translation>
    </message>
    <message>
        <source>0 off, 1 bus, 2 push button, 3 both.</source>
        <translation>0 av, 1 buss, 2 tryckknapp, 3 båda.</translation>
    </message>
    <message>
        <source>0 opens, 1 closes; takes about 10 s. The result is what the meter reports in C.5.0.</source>
        <translation>0 öppnar, 1 sluter; tar omkring 10 s. Resultatet är det mätaren rapporterar i C.5.0.</translation>
    </message>
    <message>
        <source>0: the rate inputs have no effect, and a change at them is a rate error. 1: they select the rate.</source>
        <translation>0: tariffingångarna har ingen verkan, och en ändring på dem är ett tariffel. 1: de väljer tariffen.</translation>
    </message>
    <message>
        <source>1 byte</source>
        <translation>1 byte</translation>
    </message>
    <message>
        <source>1 record</source>
        <translation>1 post</translation>
    </message>
    <message>
        <source>A LINK must not contain control characters: {0}.</source>
        <translation>En LINK får inte innehålla styrtecken: {0}.</translation>
    </message>
    <message>
        <source>A LINK is missing</source>
        <translation>En LINK saknas</translation>
    </message>
    <message>
        <source>A/D converter</source>
        <translation>A/D-omvandlare</translation>
    </message>
    <message>
        <source>Active energy {0} rate {1}</source>
        <translation>Aktiv energi {0} tariff {1}</translation>
    </message>
    <message>
        <source>Active energy {0} total</source>
        <translation>Aktiv energi {0} totalt</translation>
    </message>
    <message>
        <source>Active energy |+A|+|-A| total</source>
        <translation>Aktiv energi |+A|+|-A| totalt</translation>
    </message>
    <message>
        <source>Active power +A</source>
        <translation>Aktiv effekt +A</translation>
    </message>
    <message>
        <source>Active power -A</source>
        <translation>Aktiv effekt -A</translation>
    </message>
    <message>
        <source>Active power L{0}</source>
        <translation>Aktiv effekt L{0}</translation>
    </message>
    <message>
        <source>Active power, sum</source>
        <translation>Aktiv effekt, summa</translation>
    </message>
    <message>
        <source>Addressing</source>
        <translation>Adressering</translation>
    </message>
    <message>
        <source>All settings are reset to factory values, including address and speed.</source>
        <translation>Alla inställningar återställs till fabriksvärden, även adress och hastighet.</translation>
    </message>
    <message>
        <source>The module answers at the new address from the next telegram on.</source>
        <translation>Modulen svarar på den nya adressen från och med nästa telegram.</translation>
    </message>
    <message>
        <source>Apparent energy {0} rate {1}</source>
        <translation>Skenbar energi {0} tariff {1}</translation>
    </message>
    <message>
        <source>Apparent energy {0} total</source>
        <translation>Skenbar energi {0} totalt</translation>
    </message>
    <message>
        <source>Application reset</source>
        <translation>Applikationsåterställning</translation>
    </message>
    <message>
        <source>B0 restores factory values; any other sub-code, or none, resets the telegram pointer only.</source>
        <translation>B0 återställer fabriksvärden; annan underkod, eller ingen, återställer bara telegrampekaren.</translation>
    </message>
    <message>
        <source>C.5.0 shows rate {0}, not {1}</source>
        <translation>C.5.0 visar tariff {0}, inte {1}</translation>
    </message>
    <message>
        <source>C.5.0 shows {0}: the disconnector is not open</source>
        <translation>C.5.0 visar {0}: brytaren är inte öppen</translation>
    </message>
    <message>
        <source>CI {0}, {1}</source>
        <translation>CI {0}, {1}</translation>
    </message>
    <message>
        <source>Cannot connect to {0}: {1}.</source>
        <translation>Kan inte ansluta till {0}: {1}.</translation>
    </message>
    <message>
        <source>Cannot listen on {0}: {1}.</source>
        <translation>Kan inte lyssna på {0}: {1}.</translation>
    </message>
    <message>
        <source>Cannot create the symbolic link {0}: {1}.</source>
        <translation>Kan inte skapa den symboliska länken {0}: {1}.</translation>
    </message>
    <message>
        <source>Cannot open {0}: {1}.</source>
        <translation>Kan inte öppna {0}: {1}.</translation>
    </message>
    <message>
        <source>Clear error flags</source>
        <translation>Nollställ felflaggor</translation>
    </message>
    <message>
        <source>Clears stored errors; errors that persist are shown again.</source>
        <translation>Nollställer lagrade fel; fel som kvarstår visas igen.</translation>
    </message>
    <message>
        <source>Configuration tag</source>
        <translation>Konfigurationsmärke</translation>
    </message>
    <message>
        <source>Current L{0}</source>
        <translation>Ström L{0}</translation>
    </message>
    <message>
        <source>Customer identification</source>
        <translation>Kund-id</translation>
    </message>
    <message>
        <source>DIF {0} is reserved</source>
        <translation>DIF {0} är reserverad</translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation>Brytare</translation>
    </message>
    <message>
        <source>Disconnector control</source>
        <translation>Brytarstyrning</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Display</translation>
    </message>
    <message>
        <source>Display text</source>
        <translation>Displaytext</translation>
    </message>
    <message>
        <source>The module acknowledges at the old speed, then changes. It returns to the old speed after 5 minutes without a valid telegram at the new one.</source>
        <translation>Modulen kvitterar med den gamla hastigheten och byter sedan. Den återgår till den gamla efter 5 minuter utan ett giltigt telegram med den nya.</translation>
    </message>
    <message>
        <source>Elvaco convention</source>
        <translation>Elvacos konvention</translation>
    </message>
    <message>
        <source>Error code</source>
        <translation>Felkod</translation>
    </message>
    <message>
        <source>Firmware version</source>
        <translation>Firmwareversion</translation>
    </message>
    <message>
        <source>Clears the frame count bits and the telegram pointer; sent to 253, it also ends the selection.</source>
        <translation>Nollställer FCB och telegrampekaren; skickat till 253 avslutas även valet.</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>Frekvens</translation>
    </message>
    <message>
        <source>Initialise</source>
        <translation>Initiera</translation>
    </message>
    <message>
        <source>Local date</source>
        <translation>Lokalt datum</translation>
    </message>
    <message>
        <source>Local time</source>
        <translation>Lokal tid</translation>
    </message>
    <message>
        <source>Manufacturer identification</source>
        <translation>Tillverkar-id</translation>
    </message>
    <message>
        <source>Meter identification</source>
        <translation>Mätar-id</translation>
    </message>
    <message>
        <source>Meter rate</source>
        <translation>Mätarens tariff</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>More than one adapter has the USB serial number {0}; give the name of the port instead: {1}.</source>
        <translation>Mer än en adapter har USB-serienumret {0}; ange portens namn i stället: {1}.</translation>
    </message>
    <message>
        <source>No free port was found from {0} upwards on {1}.</source>
        <translation>Ingen ledig port hittades från {0} och uppåt på {1}.</translation>
    </message>
    <message>
        <source>No serial port has the USB serial number {0}; {1}.</source>
        <translation>Ingen seriell port har USB-serienumret {0}; {1}.</translation>
    </message>
    <message>
        <source>{0} refused the connection; start the other side or check the port.</source>
        <translation>{0} avvisade anslutningen; starta andra sidan eller kontrollera porten.</translation>
    </message>
    <message>
        <source>OBIS codes</source>
        <translation>OBIS-koder</translation>
    </message>
    <message>
        <source>OBIS codes separated by spaces, spelled as the meter spells them: only these are sent. Empty: all are sent.</source>
        <translation>OBIS-koder åtskilda med blanksteg, skrivna som mätaren skriver dem: bara dessa skickas. Tomt: alla skickas.</translation>
    </message>
    <message>
        <source>OBIS declaration</source>
        <translation>OBIS-deklaration</translation>
    </message>
    <message>
        <source>One rate for each of (B, A) = 00, 01, 10, 11; 0 means no change. Applies at once.</source>
        <translation>En tariff för var och en av (B, A) = 00, 01, 10, 11; 0 betyder ingen ändring. Gäller genast.</translation>
    </message>
    <message>
        <source>P1</source>
        <translation>P1</translation>
    </message>
    <message>
        <source>P1 and P2 usage</source>
        <translation>Användning av P1 och P2</translation>
    </message>
    <message>
        <source>P1 password</source>
        <translation>Lösenord P1</translation>
    </message>
    <message>
        <source>P2</source>
        <translation>P2</translation>
    </message>
    <message>
        <source>P2 login key</source>
        <translation>Inloggningsnyckel P2</translation>
    </message>
    <message>
        <source>Passwords</source>
        <translation>Lösenord</translation>
    </message>
    <message>
        <source>Port {0} on {1} is already in use; close the program that uses it, or use another port, for example {2}.</source>
        <translation>Port {0} på {1} används redan; stäng programmet som använder den, eller använd en annan port, till exempel {2}.</translation>
    </message>
    <message>
        <source>Power factor L{0}</source>
        <translation>Effektfaktor L{0}</translation>
    </message>
    <message>
        <source>Power factor, sum</source>
        <translation>Effektfaktor, summa</translation>
    </message>
    <message>
        <source>Power failures</source>
        <translation>Strömavbrott</translation>
    </message>
    <message>
        <source>Primary address</source>
        <translation>Primäradress</translation>
    </message>
    <message>
        <source>RF level</source>
        <translation>radiosignalens nivå</translation>
    </message>
    <message>
        <source>Rate inputs enabled</source>
        <translation>Tariffingångar aktiverade</translation>
    </message>
    <message>
        <source>Rate mapping table</source>
        <translation>Tarifftabell</translation>
    </message>
    <message>
        <source>Rates</source>
        <translation>Tariffer</translation>
    </message>
    <message>
        <source>Reactive energy {0} rate {1}</source>
        <translation>Reaktiv energi {0} tariff {1}</translation>
    </message>
    <message>
        <source>Reactive energy {0} total</source>
        <translation>Reaktiv energi {0} totalt</translation>
    </message>
    <message>
        <source>Readout</source>
        <translation>Avläsning</translation>
    </message>
    <message>
        <source>Restore factory values</source>
        <translation>Återställ fabriksvärden</translation>
    </message>
    <message>
        <source>Secondary address</source>
        <translation>Sekundäradress</translation>
    </message>
    <message>
        <source>Selection list</source>
        <translation>Urvalslista</translation>
    </message>
    <message>
        <source>Sets the meter&apos;s rate at once; a refusal is shown as a rate error.</source>
        <translation>Ställer in mätarens tariff genast; ett avslag visas som tariffel.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>Status word</source>
        <translation>Statusord</translation>
    </message>
    <message>
        <source>Strong magnetic field detections</source>
        <translation>Detekterade starka magnetfält</translation>
    </message>
    <message>
        <source>Terminal cover removals</source>
        <translation>Borttagningar av plintlocket</translation>
    </message>
    <message>
        <source>The adapter with the USB serial number {0} has several ports; choose one of {1}.</source>
        <translation>Adaptern med USB-serienumret {0} har flera portar; välj en av {1}.</translation>
    </message>
    <message>
        <source>The host {0} was not found; check the name, or give its IP address.</source>
        <translation>Värden {0} hittades inte; kontrollera namnet eller ange dess IP-adress.</translation>
    </message>
    <message>
        <source>There is no serial port {0}; {1}.</source>
        <translation>Det finns ingen seriell port {0}; {1}.</translation>
    </message>
    <message>
        <source>the key {0} is missing</source>
        <translation>nyckeln {0} saknas</translation>
    </message>
    <message>
        <source>{0} cannot be reached; check the network.</source>
        <translation>{0} kan inte nås; kontrollera nätverket.</translation>
    </message>
    <message>
        <source>This system has no pseudo-terminals; use tcp://127.0.0.1:10001, or serial: with a pair of virtual ports (com0com).</source>
        <translation>Detta system har inga pseudoterminaler; använd tcp://127.0.0.1:10001, eller serial: med ett par virtuella portar (com0com).</translation>
    </message>
    <message>
        <source>You are not allowed to listen on {0}; use a port above 1023.</source>
        <translation>Du får inte lyssna på {0}; använd en port över 1023.</translation>
    </message>
    <message>
        <source>You are not allowed to use {0}; {1}.</source>
        <translation>Du får inte använda {0}; {1}.</translation>
    </message>
    <message>
        <source>Two bits for each of rate (0-1), disconnector (2-3), display (4-5): 0 none, 1 P1, 2 P2; 3 is refused.</source>
        <translation>Två bitar vardera för tariff (0-1), brytare (2-3), display (4-5): 0 inget, 1 P1, 2 P2; 3 avvisas.</translation>
    </message>
    <message>
        <source>Up to 8 characters that seven segments can show; an empty text erases the display.</source>
        <translation>Upp till 8 tecken som en sjusegmentsdisplay kan visa; en tom text raderar displayen.</translation>
    </message>
    <message>
        <source>Voltage L{0}</source>
        <translation>Spänning L{0}</translation>
    </message>
    <message>
        <source>The password that the module sends to the meter as P1; it cannot be read back.</source>
        <translation>Lösenordet som modulen skickar till mätaren som P1; det kan inte läsas tillbaka.</translation>
    </message>
    <message>
        <source>The key that the module sends to the meter as P2; it cannot be read back.</source>
        <translation>Nyckeln som modulen skickar till mätaren som P2; den kan inte läsas tillbaka.</translation>
    </message>
    <message>
        <source>`baud` must be 300 or 2400 bit/s, not {0}</source>
        <translation>`baud` måste vara 300 eller 2400 bit/s, inte {0}</translation>
    </message>
    <message>
        <source>`extra.{0}` must have four rates, not {1}</source>
        <translation>`extra.{0}` måste ha fyra tariffer, inte {1}</translation>
    </message>
    <message>
        <source>`extra.{0}` is not a valid text: it contains an incomplete character</source>
        <translation>`extra.{0}` är ingen giltig text: den innehåller ett ofullständigt tecken</translation>
    </message>
    <message>
        <source>`extra` cannot contain `{0}`, which is a setting of the module itself</source>
        <translation>`extra` kan inte innehålla `{0}`, som är en inställning i modulen själv</translation>
    </message>
    <message>
        <source>`extra` is not a setting itself: change the values in it by their names</source>
        <translation>`extra` är ingen inställning i sig: ändra värdena i den med deras namn</translation>
    </message>
    <message>
        <source>`registers` must have the channels {0}</source>
        <translation>`registers` måste ha kanalerna {0}</translation>
    </message>
    <message>
        <source>`usage` for the {0} (bits {1}-{2}) must be 0 (none), 1 (P1) or 2 (P2), not 3</source>
        <translation>`usage` för {0} (bit {1}-{2}) måste vara 0 (inget), 1 (P1) eller 2 (P2), inte 3</translation>
    </message>
    <message>
        <source>a &apos;)&apos; is missing</source>
        <translation>ett &apos;)&apos; saknas</translation>
    </message>
    <message>
        <source>a TLS handshake</source>
        <translation>en TLS-handskakning</translation>
    </message>
    <message>
        <source>a block must end with ETX or EOT and one BCC</source>
        <translation>ett block måste sluta med ETX eller EOT och ett BCC</translation>
    </message>
    <message>
        <source>a command must have a letter and a digit</source>
        <translation>ett kommando måste ha en bokstav och en siffra</translation>
    </message>
    <message>
        <source>a command must begin with a capital letter, not {0}</source>
        <translation>ett kommando måste börja med en stor bokstav, inte {0}</translation>
    </message>
    <message>
        <source>a command&apos;s data set</source>
        <translation>ett kommandos datauppsättning</translation>
    </message>
    <message>
        <source>the letter of a command must be followed by a digit, not {0}</source>
        <translation>ett kommandos bokstav måste följas av en siffra, inte {0}</translation>
    </message>
    <message>
        <source>a damaged echo of the sent message was received, but no answer (add echo=on to the LINK to remove the echo)</source>
        <translation>ett skadat eko av det sända meddelandet togs emot, men inget svar (lägg till echo=on i dess LINK för att ta bort ekot)</translation>
    </message>
    <message>
        <source>a data line must have at least one data set</source>
        <translation>en datarad måste ha minst en datauppsättning</translation>
    </message>
    <message>
        <source>a data line has {0} characters; at most {1} are allowed</source>
        <translation>en datarad har {0} tecken; högst {1} är tillåtna</translation>
    </message>
    <message>
        <source>a data message</source>
        <translation>ett datameddelande</translation>
    </message>
    <message>
        <source>a device address</source>
        <translation>en enhetsadress</translation>
    </message>
    <message>
        <source>a device address must not contain {0}</source>
        <translation>en enhetsadress får inte innehålla {0}</translation>
    </message>
    <message>
        <source>a frame starts with E5, 10 or 68, not {0}</source>
        <translation>en ram börjar med E5, 10 eller 68, inte {0}</translation>
    </message>
    <message>
        <source>a key has more than {0} parts</source>
        <translation>en nyckel har fler än {0} delar</translation>
    </message>
    <message>
        <source>a length of {0} leaves no room for C, A and CI</source>
        <translation>en längd på {0} lämnar inget utrymme för C, A och CI</translation>
    </message>
    <message>
        <source>a list of four whole numbers</source>
        <translation>en lista med fyra heltal</translation>
    </message>
    <message>
        <source>a manufacturer code must be three letters, not {0}</source>
        <translation>en tillverkarkod måste vara tre bokstäver, inte {0}</translation>
    </message>
    <message>
        <source>a command of a master was refused: {0}</source>
        <translation>ett kommando från en master avvisades: {0}</translation>
    </message>
    <message>
        <source>a master&apos;s reading</source>
        <translation>en masters avläsning</translation>
    </message>
    <message>
        <source>a message was interrupted after {0} characters</source>
        <translation>ett meddelande avbröts efter {0} tecken</translation>
    </message>
    <message>
        <source>a number is too long</source>
        <translation>ett tal är för långt</translation>
    </message>
    <message>
        <source>a password could not be saved: {0}</source>
        <translation>ett lösenord kunde inte sparas: {0}</translation>
    </message>
    <message>
        <source>a password could not be deleted from its storage: {0}</source>
        <translation>ett lösenord kunde inte raderas där det är sparat: {0}</translation>
    </message>
    <message>
        <source>a read command was answered with ACK</source>
        <translation>ett läskommando besvarades med ACK</translation>
    </message>
    <message>
        <source>the mode of a readout must be 0 or 6 to 9, not {0}</source>
        <translation>läget för en avläsning måste vara 0 eller 6 till 9, inte {0}</translation>
    </message>
    <message>
        <source>a record holds at most {0} characters of text, not {1}</source>
        <translation>en post rymmer högst {0} tecken text, inte {1}</translation>
    </message>
    <message>
        <source>a request</source>
        <translation>en begäran</translation>
    </message>
    <message>
        <source>a request must end with &apos;!&apos; before CR LF</source>
        <translation>en begäran måste sluta med &apos;!&apos; före CR LF</translation>
    </message>
    <message>
        <source>a scan needs at least one speed</source>
        <translation>en sökning behöver minst en hastighet</translation>
    </message>
    <message>
        <source>a scan needs primary addresses, a mask, or both</source>
        <translation>en sökning behöver primäradresser, en mask eller båda</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>en text</translation>
    </message>
    <message>
        <source>a text in quotes</source>
        <translation>en text inom citattecken</translation>
    </message>
    <message>
        <source>a unit</source>
        <translation>en enhet</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>ett värde</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>ett heltal</translation>
    </message>
    <message>
        <source>a whole number has more than 64 bits</source>
        <translation>ett heltal har fler än 64 bitar</translation>
    </message>
    <message>
        <source>abnormal condition or alarm</source>
        <translation>onormalt tillstånd eller larm</translation>
    </message>
    <message>
        <source>absolute sum of import and export</source>
        <translation>absolut summa av import och export</translation>
    </message>
    <message>
        <source>access code developer</source>
        <translation>åtkomstkod utvecklare</translation>
    </message>
    <message>
        <source>access code operator</source>
        <translation>åtkomstkod operatör</translation>
    </message>
    <message>
        <source>access code system operator</source>
        <translation>åtkomstkod systemoperatör</translation>
    </message>
    <message>
        <source>access code user</source>
        <translation>åtkomstkod användare</translation>
    </message>
    <message>
        <source>access number</source>
        <translation>åtkomstnummer</translation>
    </message>
    <message>
        <source>acknowledge</source>
        <translation>kvittens</translation>
    </message>
    <message>
        <source>action: {0}</source>
        <translation>åtgärd: {0}</translation>
    </message>
    <message>
        <source>actuality duration</source>
        <translation>aktualitetstid</translation>
    </message>
    <message>
        <source>add</source>
        <translation>addera</translation>
    </message>
    <message>
        <source>add entry</source>
        <translation>lägg till</translation>
    </message>
    <message>
        <source>add to readout list</source>
        <translation>lägg till i avläsningslistan</translation>
    </message>
    <message>
        <source>address {0}</source>
        <translation>adress {0}</translation>
    </message>
    <message>
        <source>an identifier must be followed by &apos;(&apos;</source>
        <translation>en beteckning måste följas av &apos;(&apos;</translation>
    </message>
    <message>
        <source>letter and digit must be followed by STX or the end of the block</source>
        <translation>bokstav och siffra måste följas av STX eller blockets slut</translation>
    </message>
    <message>
        <source>alarm {0}</source>
        <translation>larm {0}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>allt</translation>
    </message>
    <message>
        <source>an ACK or NAK was received among other characters</source>
        <translation>ett ACK eller NAK togs emot bland andra tecken</translation>
    </message>
    <message>
        <source>an HTTP request</source>
        <translation>en HTTP-förfrågan</translation>
    </message>
    <message>
        <source>an alarm</source>
        <translation>ett larm</translation>
    </message>
    <message>
        <source>an echo of the sent message was received, but no answer</source>
        <translation>ett eko av det sända meddelandet togs emot, men inget svar</translation>
    </message>
    <message>
        <source>an empty name</source>
        <translation>ett tomt namn</translation>
    </message>
    <message>
        <source>an error message</source>
        <translation>ett felmeddelande</translation>
    </message>
    <message>
        <source>&apos;\&apos; must be followed by another character</source>
        <translation>&apos;\&apos; måste följas av ett annat tecken</translation>
    </message>
    <message>
        <source>an identification</source>
        <translation>en identifiering</translation>
    </message>
    <message>
        <source>an identification must have a manufacturer code and a speed</source>
        <translation>en identifiering måste ha en tillverkarkod och en hastighet</translation>
    </message>
    <message>
        <source>an identifier</source>
        <translation>en beteckning</translation>
    </message>
    <message>
        <source>an option select</source>
        <translation>ett optionsval</translation>
    </message>
    <message>
        <source>an option select must have three characters, not {0}</source>
        <translation>ett optionsval måste ha tre tecken, inte {0}</translation>
    </message>
    <message>
        <source>and</source>
        <translation>och</translation>
    </message>
    <message>
        <source>and not</source>
        <translation>och inte</translation>
    </message>
    <message>
        <source>another exchange is in progress</source>
        <translation>ett annat utbyte pågår</translation>
    </message>
    <message>
        <source>the meter was changed; unfinished actions for the previous one are dropped</source>
        <translation>mätaren har bytts; åtgärder för den förra som inte slutförts utförs inte</translation>
    </message>
    <message>
        <source>another slave answers to the secondary address of {0}</source>
        <translation>en annan slav svarar på sekundäradressen för {0}</translation>
    </message>
    <message>
        <source>any</source>
        <translation>valfri</translation>
    </message>
    <message>
        <source>apparent energy</source>
        <translation>skenbar energi</translation>
    </message>
    <message>
        <source>apparent power</source>
        <translation>skenbar effekt</translation>
    </message>
    <message>
        <source>application busy</source>
        <translation>applikationen upptagen</translation>
    </message>
    <message>
        <source>application error</source>
        <translation>applikationsfel</translation>
    </message>
    <message>
        <source>application error {0}, {1}</source>
        <translation>applikationsfel {0}, {1}</translation>
    </message>
    <message>
        <source>application reset</source>
        <translation>applikationsåterställning</translation>
    </message>
    <message>
        <source>application reset {0}, {1}</source>
        <translation>applikationsåterställning {0}, {1}</translation>
    </message>
    <message>
        <source>ask the computer&apos;s administrator</source>
        <translation>fråga datorns administratör</translation>
    </message>
    <message>
        <source>assumption</source>
        <translation>antagande</translation>
    </message>
    <message>
        <source>at base conditions</source>
        <translation>vid basförhållanden</translation>
    </message>
    <message>
        <source>average</source>
        <translation>medelvärde</translation>
    </message>
    <message>
        <source>averaging duration</source>
        <translation>medelvärdestid</translation>
    </message>
    <message>
        <source>battery change</source>
        <translation>batteribyte</translation>
    </message>
    <message>
        <source>battery operating time</source>
        <translation>batteriets drifttid</translation>
    </message>
    <message>
        <source>baud rate</source>
        <translation>överföringshastighet</translation>
    </message>
    <message>
        <source>baud={0} works only on a link that serves or listens; give a speed, such as baud=2400</source>
        <translation>baud={0} fungerar bara på en länk som betjänar eller lyssnar; ange en hastighet, till exempel baud=2400</translation>
    </message>
    <message>
        <source>begin of first</source>
        <translation>början av första</translation>
    </message>
    <message>
        <source>begin of first lower limit exceed</source>
        <translation>början av första underskridande av undre gräns</translation>
    </message>
    <message>
        <source>begin of first upper limit exceed</source>
        <translation>början av första överskridande av övre gräns</translation>
    </message>
    <message>
        <source>begin of last</source>
        <translation>början av senaste</translation>
    </message>
    <message>
        <source>begin of last lower limit exceed</source>
        <translation>början av senaste underskridande av undre gräns</translation>
    </message>
    <message>
        <source>begin of last upper limit exceed</source>
        <translation>början av senaste överskridande av övre gräns</translation>
    </message>
    <message>
        <source>bidirectional repeater</source>
        <translation>dubbelriktad repeterare</translation>
    </message>
    <message>
        <source>binary counters</source>
        <translation>binära räkneverk</translation>
    </message>
    <message>
        <source>bit times</source>
        <translation>bittider</translation>
    </message>
    <message>
        <source>bit/s</source>
        <translation>bit/s</translation>
    </message>
    <message>
        <source>both</source>
        <translation>båda</translation>
    </message>
    <message>
        <source>break</source>
        <translation>break</translation>
    </message>
    <message>
        <source>breaker, electricity</source>
        <translation>brytare, el</translation>
    </message>
    <message>
        <source>incomplete</source>
        <translation>ofullständigt</translation>
    </message>
    <message>
        <source>buffer too long, truncated</source>
        <translation>bufferten för lång, avkortad</translation>
    </message>
    <message>
        <source>bus</source>
        <translation>buss</translation>
    </message>
    <message>
        <source>bus address</source>
        <translation>bussadress</translation>
    </message>
    <message>
        <source>bus or system component</source>
        <translation>buss- eller systemkomponent</translation>
    </message>
    <message>
        <source>byte 0x{0} is not a seven-bit character</source>
        <translation>byte 0x{0} är inte ett tecken med sju bitar</translation>
    </message>
    <message>
        <source>each byte must have two hex digits</source>
        <translation>varje byte måste ha två hexsiffror</translation>
    </message>
    <message>
        <source>bytes of another protocol</source>
        <translation>byte av ett annat protokoll</translation>
    </message>
    <message>
        <source>calibration</source>
        <translation>kalibrering</translation>
    </message>
    <message>
        <source>calorific value</source>
        <translation>värmevärde</translation>
    </message>
    <message>
        <source>cannot be decoded: {0}</source>
        <translation>kan inte avkodas: {0}</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>kan inte läsas</translation>
    </message>
    <message>
        <source>cannot be read: {0}</source>
        <translation>kan inte läsas: {0}</translation>
    </message>
    <message>
        <source>cannot be written: {0}</source>
        <translation>kan inte skrivas: {0}</translation>
    </message>
    <message>
        <source>carbon dioxide</source>
        <translation>koldioxid</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>nollställ</translation>
    </message>
    <message>
        <source>clearing {0} takes no value</source>
        <translation>nollställning av {0} tar inget värde</translation>
    </message>
    <message>
        <source>close</source>
        <translation>sluta</translation>
    </message>
    <message>
        <source>cold water</source>
        <translation>kallvatten</translation>
    </message>
    <message>
        <source>command {0}</source>
        <translation>kommando {0}</translation>
    </message>
    <message>
        <source>a command can be sent only in programming mode and after the answer to the previous one</source>
        <translation>ett kommando kan bara sändas i programmeringsläge och efter svaret på det föregående</translation>
    </message>
    <message>
        <source>&quot;read&quot; or &quot;sent&quot;</source>
        <translation>&quot;read&quot; eller &quot;sent&quot;</translation>
    </message>
    <message>
        <source>8 digits in quotes, such as &quot;50100007&quot;, or left out</source>
        <translation>8 siffror inom citattecken, till exempel &quot;50100007&quot;, eller utelämnas</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Värden</translation>
    </message>
    <message>
        <source>a list of LINKs in quotes</source>
        <translation>en lista med LINKar inom citattecken</translation>
    </message>
    <message>
        <source>a table for each module, [[module]], at most 1000</source>
        <translation>en tabell för varje modul, [[module]], högst 1000</translation>
    </message>
    <message>
        <source>a text in quotes, at most 4000 characters</source>
        <translation>en text inom citattecken, högst 4000 tecken</translation>
    </message>
    <message>
        <source>a text of one line in quotes, at most 200 characters</source>
        <translation>en text på en rad inom citattecken, högst 200 tecken</translation>
    </message>
    <message>
        <source>a time with its offset from UTC, such as 2026-11-30T09:12:00Z</source>
        <translation>en tid med förskjutning från UTC, till exempel 2026-11-30T09:12:00Z</translation>
    </message>
    <message>
        <source>communication controller</source>
        <translation>kommunikationsstyrenhet</translation>
    </message>
    <message>
        <source>compact profile</source>
        <translation>kompakt profil</translation>
    </message>
    <message>
        <source>compact profile with register numbers</source>
        <translation>kompakt profil med registernummer</translation>
    </message>
    <message>
        <source>compressed air</source>
        <translation>tryckluft</translation>
    </message>
    <message>
        <source>control signal</source>
        <translation>styrsignal</translation>
    </message>
    <message>
        <source>cooling, inlet</source>
        <translation>kyla, framledning</translation>
    </message>
    <message>
        <source>cooling, outlet</source>
        <translation>kyla, retur</translation>
    </message>
    <message>
        <source>credit</source>
        <translation>kredit</translation>
    </message>
    <message>
        <source>cumulated maximum power</source>
        <translation>kumulerad maximal effekt</translation>
    </message>
    <message>
        <source>cumulation counter</source>
        <translation>räknare för kumuleringar</translation>
    </message>
    <message>
        <source>currency</source>
        <translation>valuta</translation>
    </message>
    <message>
        <source>current</source>
        <translation>ström</translation>
    </message>
    <message>
        <source>currently selected application</source>
        <translation>för närvarande vald applikation</translation>
    </message>
    <message>
        <source>customer</source>
        <translation>kund</translation>
    </message>
    <message>
        <source>customer display</source>
        <translation>kunddisplay</translation>
    </message>
    <message>
        <source>customer location</source>
        <translation>kundens plats</translation>
    </message>
    <message>
        <source>data class not implemented</source>
        <translation>dataklassen stöds inte</translation>
    </message>
    <message>
        <source>data error</source>
        <translation>datafel</translation>
    </message>
    <message>
        <source>data size not implemented</source>
        <translation>datastorleken stöds inte</translation>
    </message>
    <message>
        <source>data {0}</source>
        <translation>data {0}</translation>
    </message>
    <message>
        <source>date</source>
        <translation>datum</translation>
    </message>
    <message>
        <source>date and time</source>
        <translation>datum och tid</translation>
    </message>
    <message>
        <source>date, day month year</source>
        <translation>datum, dag månad år</translation>
    </message>
    <message>
        <source>day of week</source>
        <translation>veckodag</translation>
    </message>
    <message>
        <source>daylight saving rule</source>
        <translation>regel för sommartid</translation>
    </message>
    <message>
        <source>debit</source>
        <translation>debet</translation>
    </message>
    <message>
        <source>delayed action</source>
        <translation>fördröjd åtgärd</translation>
    </message>
    <message>
        <source>delete entry</source>
        <translation>ta bort</translation>
    </message>
    <message>
        <source>delete from readout list</source>
        <translation>ta bort från avläsningslistan</translation>
    </message>
    <message>
        <source>development</source>
        <translation>utveckling</translation>
    </message>
    <message>
        <source>device type</source>
        <translation>enhetstyp</translation>
    </message>
    <message>
        <source>digital input</source>
        <translation>digital ingång</translation>
    </message>
    <message>
        <source>digital output</source>
        <translation>digital utgång</translation>
    </message>
    <message>
        <source>dimensionless</source>
        <translation>dimensionslös</translation>
    </message>
    <message>
        <source>direction from meter</source>
        <translation>riktning från mätaren</translation>
    </message>
    <message>
        <source>direction to meter</source>
        <translation>riktning till mätaren</translation>
    </message>
    <message>
        <source>disconnector</source>
        <translation>brytare</translation>
    </message>
    <message>
        <source>display</source>
        <translation>display</translation>
    </message>
    <message>
        <source>display output scaling factor Kd</source>
        <translation>skalfaktor Kd för displayen</translation>
    </message>
    <message>
        <source>documented</source>
        <translation>dokumenterat</translation>
    </message>
    <message>
        <source>dual register water</source>
        <translation>vatten med två räkneverk</translation>
    </message>
    <message>
        <source>duration of first</source>
        <translation>varaktighet av första</translation>
    </message>
    <message>
        <source>duration of first lower limit exceed</source>
        <translation>varaktighet av första underskridande av undre gräns</translation>
    </message>
    <message>
        <source>duration of first upper limit exceed</source>
        <translation>varaktighet av första överskridande av övre gräns</translation>
    </message>
    <message>
        <source>duration of last</source>
        <translation>varaktighet av senaste</translation>
    </message>
    <message>
        <source>duration of last lower limit exceed</source>
        <translation>varaktighet av senaste underskridande av undre gräns</translation>
    </message>
    <message>
        <source>duration of last upper limit exceed</source>
        <translation>varaktighet av senaste överskridande av övre gräns</translation>
    </message>
    <message>
        <source>duration of tariff</source>
        <translation>tariffens varaktighet</translation>
    </message>
    <message>
        <source>duration since last cumulation</source>
        <translation>tid sedan senaste kumulering</translation>
    </message>
    <message>
        <source>duration since last readout</source>
        <translation>tid sedan senaste avläsning</translation>
    </message>
    <message>
        <source>during error</source>
        <translation>under fel</translation>
    </message>
    <message>
        <source>during lower limit exceed</source>
        <translation>under underskridande av undre gräns</translation>
    </message>
    <message>
        <source>during upper limit exceed</source>
        <translation>under överskridande av övre gräns</translation>
    </message>
    <message>
        <source>each channel of `registers` must have a total and {0} rates</source>
        <translation>varje kanal i `registers` måste ha en summa och {0} tariffer</translation>
    </message>
    <message>
        <source>eight decimal digits</source>
        <translation>åtta siffror</translation>
    </message>
    <message>
        <source>electricity</source>
        <translation>el</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>tomt</translation>
    </message>
    <message>
        <source>end of first</source>
        <translation>slut på första</translation>
    </message>
    <message>
        <source>end of first lower limit exceed</source>
        <translation>slut på första underskridande av undre gräns</translation>
    </message>
    <message>
        <source>end of first upper limit exceed</source>
        <translation>slut på första överskridande av övre gräns</translation>
    </message>
    <message>
        <source>end of last</source>
        <translation>slut på senaste</translation>
    </message>
    <message>
        <source>end of last lower limit exceed</source>
        <translation>slut på senaste underskridande av undre gräns</translation>
    </message>
    <message>
        <source>end of last upper limit exceed</source>
        <translation>slut på senaste överskridande av övre gräns</translation>
    </message>
    <message>
        <source>ended on request</source>
        <translation>avslutat på begäran</translation>
    </message>
    <message>
        <source>energy</source>
        <translation>energi</translation>
    </message>
    <message>
        <source>enhanced billing</source>
        <translation>utökad debitering</translation>
    </message>
    <message>
        <source>error</source>
        <translation>fel</translation>
    </message>
    <message>
        <source>error flags</source>
        <translation>felflaggor</translation>
    </message>
    <message>
        <source>error mask</source>
        <translation>felmask</translation>
    </message>
    <message>
        <source>error message {0}</source>
        <translation>felmeddelande {0}</translation>
    </message>
    <message>
        <source>export</source>
        <translation>export</translation>
    </message>
    <message>
        <source>external temperature</source>
        <translation>utetemperatur</translation>
    </message>
    <message>
        <source>fabrication number</source>
        <translation>tillverkningsnummer</translation>
    </message>
    <message>
        <source>factory values</source>
        <translation>fabriksvärden</translation>
    </message>
    <message>
        <source>factory values are used</source>
        <translation>fabriksvärden används</translation>
    </message>
    <message>
        <source>first storage number</source>
        <translation>första lagringsnummer</translation>
    </message>
    <message>
        <source>flow temperature</source>
        <translation>framledningstemperatur</translation>
    </message>
    <message>
        <source>format must be {0}, that of this program</source>
        <translation>format ska vara {0}, som i detta program</translation>
    </message>
    <message>
        <source>four rates</source>
        <translation>fyra tariffer</translation>
    </message>
    <message>
        <source>framing=software puts 7 data bits and parity into 8 bits; {0} cannot be sent that way.</source>
        <translation>framing=software lägger 7 databitar och paritet i 8 bitar; {0} kan inte sändas så.</translation>
    </message>
    <message>
        <source>freeze</source>
        <translation>frys</translation>
    </message>
    <message>
        <source>frequency</source>
        <translation>frekvens</translation>
    </message>
    <message>
        <source>function not implemented</source>
        <translation>funktionen stöds inte</translation>
    </message>
    <message>
        <source>future value</source>
        <translation>framtida värde</translation>
    </message>
    <message>
        <source>garbage</source>
        <translation>avfall</translation>
    </message>
    <message>
        <source>gas</source>
        <translation>gas</translation>
    </message>
    <message>
        <source>gas detector</source>
        <translation>gasvarnare</translation>
    </message>
    <message>
        <source>gas, mode 2</source>
        <translation>gas, läge 2</translation>
    </message>
    <message>
        <source>global readout</source>
        <translation>global avläsning</translation>
    </message>
    <message>
        <source>hardware version</source>
        <translation>hårdvaruversion</translation>
    </message>
    <message>
        <source>heat</source>
        <translation>värme</translation>
    </message>
    <message>
        <source>heat and cooling</source>
        <translation>värme och kyla</translation>
    </message>
    <message>
        <source>heat cost allocator</source>
        <translation>värmekostnadsfördelare</translation>
    </message>
    <message>
        <source>heat cost allocator, mode 2</source>
        <translation>värmekostnadsfördelare, läge 2</translation>
    </message>
    <message>
        <source>heat, inlet</source>
        <translation>värme, framledning</translation>
    </message>
    <message>
        <source>heat, mode 2</source>
        <translation>värme, läge 2</translation>
    </message>
    <message>
        <source>heat, outlet</source>
        <translation>värme, retur</translation>
    </message>
    <message>
        <source>historic</source>
        <translation>historiskt</translation>
    </message>
    <message>
        <source>hot water</source>
        <translation>hetvatten</translation>
    </message>
    <message>
        <source>hot water, mode 2</source>
        <translation>hetvatten, läge 2</translation>
    </message>
    <message>
        <source>identification</source>
        <translation>identifiering</translation>
    </message>
    <message>
        <source>identification {0} {1}</source>
        <translation>identifiering {0} {1}</translation>
    </message>
    <message>
        <source>identification {0} {1}, offers {2} bit/s</source>
        <translation>identifiering {0} {1}, erbjuder {2} bit/s</translation>
    </message>
    <message>
        <source>illegal exponent</source>
        <translation>otillåten exponent</translation>
    </message>
    <message>
        <source>illegal VIF group</source>
        <translation>otillåten VIF-grupp</translation>
    </message>
    <message>
        <source>import</source>
        <translation>import</translation>
    </message>
    <message>
        <source>import minus export</source>
        <translation>import minus export</translation>
    </message>
    <message>
        <source>in memory only</source>
        <translation>bara i minnet</translation>
    </message>
    <message>
        <source>in memory only, because {0} cannot be written ({1})</source>
        <translation>bara i minnet, eftersom {0} inte kan skrivas ({1})</translation>
    </message>
    <message>
        <source>in the system&apos;s keyring ({0})</source>
        <translation>i systemets nyckelring ({0})</translation>
    </message>
    <message>
        <source>in the system&apos;s keyring, which cannot be used now ({0})</source>
        <translation>i systemets nyckelring, som inte kan användas nu ({0})</translation>
    </message>
    <message>
        <source>in {0}, which is in the user&apos;s own profile</source>
        <translation>i {0}, som ligger i användarens egen profil</translation>
    </message>
    <message>
        <source>in {0}, which only its owner can read</source>
        <translation>i {0}, som bara ägaren kan läsa</translation>
    </message>
    <message>
        <source>in {0}, which anyone with access to its folder can read</source>
        <translation>i {0}, som alla med åtkomst till mappen kan läsa</translation>
    </message>
    <message>
        <source>incomplete after telegram {0}: the slave has no more</source>
        <translation>ofullständigt efter telegram {0}: slaven har inga fler</translation>
    </message>
    <message>
        <source>incomplete after telegram {0}: {1}</source>
        <translation>ofullständigt efter telegram {0}: {1}</translation>
    </message>
    <message>
        <source>incomplete after telegram {0}: the next telegram holds no data</source>
        <translation>ofullständigt efter telegram {0}: nästa telegram innehåller inga data</translation>
    </message>
    <message>
        <source>installation and start-up</source>
        <translation>installation och driftsättning</translation>
    </message>
    <message>
        <source>instantaneous</source>
        <translation>momentanvärde</translation>
    </message>
    <message>
        <source>instantaneous values</source>
        <translation>momentanvärden</translation>
    </message>
    <message>
        <source>inverse compact profile</source>
        <translation>omvänd kompakt profil</translation>
    </message>
    <message>
        <source>is not valid TOML: {0}</source>
        <translation>är ingen giltig TOML: {0}</translation>
    </message>
    <message>
        <source>is not UTF-8 text (byte {0})</source>
        <translation>är ingen UTF-8-text (byte {0})</translation>
    </message>
    <message>
        <source>it belongs to the group {0}: run `sudo usermod -aG {1} $USER` and log in again</source>
        <translation>den tillhör gruppen {0}: kör `sudo usermod -aG {1} $USER` och logga in igen</translation>
    </message>
    <message>
        <source>it can be read by other users, and that cannot be changed</source>
        <translation>den kan läsas av andra användare, och det går inte att ändra</translation>
    </message>
    <message>
        <source>the command or its password cannot be sent: {0}</source>
        <translation>kommandot eller dess lösenord kan inte sändas: {0}</translation>
    </message>
    <message>
        <source>it did not answer</source>
        <translation>den svarade inte</translation>
    </message>
    <message>
        <source>it does not contain passwords in the format of this program</source>
        <translation>den innehåller inte lösenord i det här programmets format</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>den är tom</translation>
    </message>
    <message>
        <source>it is locked</source>
        <translation>den är låst</translation>
    </message>
    <message>
        <source>the driver did not accept the format</source>
        <translation>drivrutinen godtog inte formatet</translation>
    </message>
    <message>
        <source>the driver did not accept the speed</source>
        <translation>drivrutinen godtog inte hastigheten</translation>
    </message>
    <message>
        <source>it took {0} s, which is less than the switching time of {1} s</source>
        <translation>det tog {0} s, vilket är kortare än omställningstiden på {1} s</translation>
    </message>
    <message>
        <source>it is not enabled</source>
        <translation>den är inte aktiverad</translation>
    </message>
    <message>
        <source>the driver refused the setting</source>
        <translation>drivrutinen avvisade inställningen</translation>
    </message>
    <message>
        <source>the other end sets speed and format; leave out baud=auto, bits=, parity= and stop=</source>
        <translation>andra änden bestämmer hastighet och format; utelämna baud=auto, bits=, parity= och stop=</translation>
    </message>
    <message>
        <source>key profile: the settings must be those of a {0}</source>
        <translation>nyckel profile: inställningarna måste vara för en {0}</translation>
    </message>
    <message>
        <source>key settings.{0}: passwords are not read from files; enter it yourself</source>
        <translation>nyckel settings.{0}: lösenord läses inte från filer; ange det själv</translation>
    </message>
    <message>
        <source>key settings.{0}: must be {1}</source>
        <translation>nyckel settings.{0}: måste vara {1}</translation>
    </message>
    <message>
        <source>key settings.{0}: no such setting; the settings are {1}</source>
        <translation>nyckel settings.{0}: ingen sådan inställning; inställningarna är {1}</translation>
    </message>
    <message>
        <source>key settings.{0}: {1}</source>
        <translation>nyckel settings.{0}: {1}</translation>
    </message>
    <message>
        <source>key settings: the table [settings] is missing</source>
        <translation>nyckel settings: tabellen [settings] saknas</translation>
    </message>
    <message>
        <source>key version: this program reads version {0}</source>
        <translation>nyckel version: detta program läser version {0}</translation>
    </message>
    <message>
        <source>key {0}: unknown; the keys are version, profile and settings</source>
        <translation>nyckel {0}: okänd; nycklarna är version, profile och settings</translation>
    </message>
    <message>
        <source>its options are {0}</source>
        <translation>dess tillval är {0}</translation>
    </message>
    <message>
        <source>last storage number</source>
        <translation>sista lagringsnummer</translation>
    </message>
    <message>
        <source>leakage</source>
        <translation>läckage</translation>
    </message>
    <message>
        <source>line error</source>
        <translation>linjefel</translation>
    </message>
    <message>
        <source>line {0}: {1}</source>
        <translation>rad {0}: {1}</translation>
    </message>
    <message>
        <source>listening window</source>
        <translation>lyssningsfönster</translation>
    </message>
    <message>
        <source>load management values</source>
        <translation>värden för laststyrning</translation>
    </message>
    <message>
        <source>longer than {0} bytes</source>
        <translation>längre än {0} byte</translation>
    </message>
    <message>
        <source>low temperature rating factor Kt</source>
        <translation>värderingsfaktor Kt för låg temperatur</translation>
    </message>
    <message>
        <source>lower limit</source>
        <translation>undre gräns</translation>
    </message>
    <message>
        <source>manufacturer</source>
        <translation>tillverkare</translation>
    </message>
    <message>
        <source>manufacturer bit {0}</source>
        <translation>tillverkarens bit {0}</translation>
    </message>
    <message>
        <source>manufacturer container</source>
        <translation>tillverkarens behållare</translation>
    </message>
    <message>
        <source>manufacturer specific</source>
        <translation>tillverkarspecifik</translation>
    </message>
    <message>
        <source>manufacturer {0}</source>
        <translation>tillverkare {0}</translation>
    </message>
    <message>
        <source>manufacturer-specific</source>
        <translation>tillverkarspecifikt</translation>
    </message>
    <message>
        <source>manufacturing</source>
        <translation>tillverkning</translation>
    </message>
    <message>
        <source>marked or recognised as invalid</source>
        <translation>märkt eller igenkänt som ogiltigt</translation>
    </message>
    <message>
        <source>mass</source>
        <translation>massa</translation>
    </message>
    <message>
        <source>mass flow</source>
        <translation>massflöde</translation>
    </message>
    <message>
        <source>max_baud= applies only to the LINK of a meter</source>
        <translation>max_baud= gäller bara en mätares LINK</translation>
    </message>
    <message>
        <source>maximum</source>
        <translation>maximum</translation>
    </message>
    <message>
        <source>meter stops</source>
        <translation>mätarstopp</translation>
    </message>
    <message>
        <source>metrology firmware version</source>
        <translation>metrologisk firmwareversion</translation>
    </message>
    <message>
        <source>minimum</source>
        <translation>minimum</translation>
    </message>
    <message>
        <source>mode {0}</source>
        <translation>läge {0}</translation>
    </message>
    <message>
        <source>model or version</source>
        <translation>modell eller version</translation>
    </message>
    <message>
        <source>month</source>
        <translation>månad</translation>
    </message>
    <message>
        <source>more follows</source>
        <translation>mer följer</translation>
    </message>
    <message>
        <source>more than 10 DIFEs</source>
        <translation>fler än 10 DIFE</translation>
    </message>
    <message>
        <source>more than 10 VIFEs</source>
        <translation>fler än 10 VIFE</translation>
    </message>
    <message>
        <source>more than one slave seems to answer to the mask {0}</source>
        <translation>mer än en slav tycks svara på masken {0}</translation>
    </message>
    <message>
        <source>more than {0} characters without the end of a message</source>
        <translation>fler än {0} tecken utan att meddelandet tar slut</translation>
    </message>
    <message>
        <source>multi-tariff billing</source>
        <translation>flertariffsdebitering</translation>
    </message>
    <message>
        <source>nested too deeply</source>
        <translation>för djupt nästlad</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>neutralledare</translation>
    </message>
    <message>
        <source>no valid UTF-8 at byte {0}</source>
        <translation>ingen giltig UTF-8 vid byte {0}</translation>
    </message>
    <message>
        <source>no answer from {0} after {1} tries</source>
        <translation>inget svar från {0} efter {1} försök</translation>
    </message>
    <message>
        <source>no answer to {1} within {0}</source>
        <translation>inget svar på {1} inom {0}</translation>
    </message>
    <message>
        <source>no bytes</source>
        <translation>inga byte</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>inga data</translation>
    </message>
    <message>
        <source>no message begins with 0x{0}</source>
        <translation>inget meddelande börjar med 0x{0}</translation>
    </message>
    <message>
        <source>no readout was recorded</source>
        <translation>ingen avläsning registrerades</translation>
    </message>
    <message>
        <source>no slave answers to the mask {0}</source>
        <translation>ingen slav svarar på masken {0}</translation>
    </message>
    <message>
        <source>no telegram in hex</source>
        <translation>inget telegram i hex</translation>
    </message>
    <message>
        <source>no valid frame</source>
        <translation>ingen giltig ram</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>inget värde</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>brus</translation>
    </message>
    <message>
        <source>non-metric</source>
        <translation>inte metriskt</translation>
    </message>
    <message>
        <source>none</source>
        <translation>inget</translation>
    </message>
    <message>
        <source>not a number</source>
        <translation>inget tal</translation>
    </message>
    <message>
        <source>not decimal digits</source>
        <translation>inte decimala siffror</translation>
    </message>
    <message>
        <source>not sent, too late: {0}</source>
        <translation>inte skickat, för sent: {0}</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>inte satt</translation>
    </message>
    <message>
        <source>no records</source>
        <translation>inga poster</translation>
    </message>
    <message>
        <source>only NUL characters were received</source>
        <translation>bara NUL-tecken togs emot</translation>
    </message>
    <message>
        <source>only damaged characters were received</source>
        <translation>bara skadade tecken togs emot</translation>
    </message>
    <message>
        <source>nothing can be read from the meter at {0} bit/s; the next {1} sessions use 300 bit/s</source>
        <translation>inget kan läsas från mätaren med {0} bit/s; de närmaste {1} sessionerna använder 300 bit/s</translation>
    </message>
    <message>
        <source>nothing may follow sim:, but {0} does</source>
        <translation>inget får följa efter sim:, men {0} gör det</translation>
    </message>
    <message>
        <source>number of exceeds of lower limit</source>
        <translation>antal underskridanden av undre gräns</translation>
    </message>
    <message>
        <source>number of exceeds of upper limit</source>
        <translation>antal överskridanden av övre gräns</translation>
    </message>
    <message>
        <source>off</source>
        <translation>av</translation>
    </message>
    <message>
        <source>oil</source>
        <translation>olja</translation>
    </message>
    <message>
        <source>on</source>
        <translation>på</translation>
    </message>
    <message>
        <source>on time</source>
        <translation>inkopplad tid</translation>
    </message>
    <message>
        <source>only 00 bytes follow, which are padding and not a record</source>
        <translation>bara 00-byte följer, vilket är utfyllnad och inte en post</translation>
    </message>
    <message>
        <source>only damaged answers from {0}</source>
        <translation>bara skadade svar från {0}</translation>
    </message>
    <message>
        <source>only damaged answers from {0}: does more than one slave answer?</source>
        <translation>bara skadade svar från {0}: svarar mer än en slav?</translation>
    </message>
    <message>
        <source>only the third letter of {0} may be lower case</source>
        <translation>bara den tredje bokstaven i {0} får vara en liten bokstav</translation>
    </message>
    <message>
        <source>open</source>
        <translation>öppna</translation>
    </message>
    <message>
        <source>operating time</source>
        <translation>drifttid</translation>
    </message>
    <message>
        <source>operator specific data</source>
        <translation>operatörsspecifika data</translation>
    </message>
    <message>
        <source>option select: {0}</source>
        <translation>optionsval: {0}</translation>
    </message>
    <message>
        <source>option select: {0} at {1} bit/s</source>
        <translation>optionsval: {0} vid {1} bit/s</translation>
    </message>
    <message>
        <source>or</source>
        <translation>eller</translation>
    </message>
    <message>
        <source>other</source>
        <translation>annat</translation>
    </message>
    <message>
        <source>other software version</source>
        <translation>annan programversion</translation>
    </message>
    <message>
        <source>overflow</source>
        <translation>spill</translation>
    </message>
    <message>
        <source>parameter set identification</source>
        <translation>parameteruppsättningens identifiering</translation>
    </message>
    <message>
        <source>password</source>
        <translation>lösenord</translation>
    </message>
    <message>
        <source>per ampere</source>
        <translation>per ampere</translation>
    </message>
    <message>
        <source>per cubic metre</source>
        <translation>per kubikmeter</translation>
    </message>
    <message>
        <source>per day</source>
        <translation>per dygn</translation>
    </message>
    <message>
        <source>per gigajoule</source>
        <translation>per gigajoule</translation>
    </message>
    <message>
        <source>per hour</source>
        <translation>per timme</translation>
    </message>
    <message>
        <source>per kelvin</source>
        <translation>per kelvin</translation>
    </message>
    <message>
        <source>per kelvin and litre</source>
        <translation>per kelvin och liter</translation>
    </message>
    <message>
        <source>per kilogram</source>
        <translation>per kilogram</translation>
    </message>
    <message>
        <source>per kilowatt</source>
        <translation>per kilowatt</translation>
    </message>
    <message>
        <source>per kilowatt-hour</source>
        <translation>per kilowattimme</translation>
    </message>
    <message>
        <source>per litre</source>
        <translation>per liter</translation>
    </message>
    <message>
        <source>per minute</source>
        <translation>per minut</translation>
    </message>
    <message>
        <source>per month</source>
        <translation>per månad</translation>
    </message>
    <message>
        <source>per pulse on input channel 0</source>
        <translation>per puls på ingångskanal 0</translation>
    </message>
    <message>
        <source>per pulse on input channel 1</source>
        <translation>per puls på ingångskanal 1</translation>
    </message>
    <message>
        <source>per pulse on output channel 0</source>
        <translation>per puls på utgångskanal 0</translation>
    </message>
    <message>
        <source>per pulse on output channel 1</source>
        <translation>per puls på utgångskanal 1</translation>
    </message>
    <message>
        <source>per revolution or measurement</source>
        <translation>per varv eller mätning</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>per sekund</translation>
    </message>
    <message>
        <source>per volt</source>
        <translation>per volt</translation>
    </message>
    <message>
        <source>per week</source>
        <translation>per vecka</translation>
    </message>
    <message>
        <source>per year</source>
        <translation>per år</translation>
    </message>
    <message>
        <source>period of nominal data transmissions</source>
        <translation>period för nominella dataöverföringar</translation>
    </message>
    <message>
        <source>period of tariff</source>
        <translation>tariffens period</translation>
    </message>
    <message>
        <source>permanent error</source>
        <translation>bestående fel</translation>
    </message>
    <message>
        <source>phase L1</source>
        <translation>fas L1</translation>
    </message>
    <message>
        <source>phase L1-L2</source>
        <translation>fas L1-L2</translation>
    </message>
    <message>
        <source>phase L2</source>
        <translation>fas L2</translation>
    </message>
    <message>
        <source>phase L2-L3</source>
        <translation>fas L2-L3</translation>
    </message>
    <message>
        <source>phase L3</source>
        <translation>fas L3</translation>
    </message>
    <message>
        <source>phase L3-L1</source>
        <translation>fas L3-L1</translation>
    </message>
    <message>
        <source>phase angle U-I</source>
        <translation>fasvinkel U-I</translation>
    </message>
    <message>
        <source>phase angle U-U</source>
        <translation>fasvinkel U-U</translation>
    </message>
    <message>
        <source>plain text</source>
        <translation>klartext</translation>
    </message>
    <message>
        <source>plain text {0}</source>
        <translation>klartext {0}</translation>
    </message>
    <message>
        <source>port 0 cannot be connected to; give the port of the other side</source>
        <translation>det går inte att ansluta till port 0; ange andra sidans port</translation>
    </message>
    <message>
        <source>power</source>
        <translation>effekt</translation>
    </message>
    <message>
        <source>power low</source>
        <translation>låg matningsspänning</translation>
    </message>
    <message>
        <source>premature end</source>
        <translation>slutar för tidigt</translation>
    </message>
    <message>
        <source>premature end of record</source>
        <translation>posten slutar för tidigt</translation>
    </message>
    <message>
        <source>pressure</source>
        <translation>tryck</translation>
    </message>
    <message>
        <source>primary addresses are 0 to {0}, the lower one first, not {1}</source>
        <translation>primäradresser är 0 till {0}, den lägsta först, inte {1}</translation>
    </message>
    <message>
        <source>programming</source>
        <translation>programmering</translation>
    </message>
    <message>
        <source>pulse</source>
        <translation>puls</translation>
    </message>
    <message>
        <source>push button</source>
        <translation>tryckknapp</translation>
    </message>
    <message>
        <source>quadrant Q1</source>
        <translation>kvadrant Q1</translation>
    </message>
    <message>
        <source>quadrant Q2</source>
        <translation>kvadrant Q2</translation>
    </message>
    <message>
        <source>quadrant Q3</source>
        <translation>kvadrant Q3</translation>
    </message>
    <message>
        <source>quadrant Q4</source>
        <translation>kvadrant Q4</translation>
    </message>
    <message>
        <source>radio converter, meter side</source>
        <translation>radioomvandlare, mätarsidan</translation>
    </message>
    <message>
        <source>radio converter, system side</source>
        <translation>radioomvandlare, systemsidan</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>tariff</translation>
    </message>
    <message>
        <source>rate {0}</source>
        <translation>tariff {0}</translation>
    </message>
    <message>
        <source>setting rate {0} failed: {1}</source>
        <translation>inställningen av tariff {0} misslyckades: {1}</translation>
    </message>
    <message>
        <source>rating factor K</source>
        <translation>värderingsfaktor K</translation>
    </message>
    <message>
        <source>reactive energy</source>
        <translation>reaktiv energi</translation>
    </message>
    <message>
        <source>reactive power</source>
        <translation>reaktiv effekt</translation>
    </message>
    <message>
        <source>reading is paused; the next readout will show whether the disconnector moved</source>
        <translation>avläsningen är pausad; nästa avläsning visar om brytaren ställdes om</translation>
    </message>
    <message>
        <source>readout</source>
        <translation>avläsning</translation>
    </message>
    <message>
        <source>readout, {0} lines</source>
        <translation>avläsning, {0} rader</translation>
    </message>
    <message>
        <source>record error</source>
        <translation>postfel</translation>
    </message>
    <message>
        <source>record error: {0}</source>
        <translation>postfel: {0}</translation>
    </message>
    <message>
        <source>relative deviation</source>
        <translation>relativ avvikelse</translation>
    </message>
    <message>
        <source>relative humidity</source>
        <translation>relativ fuktighet</translation>
    </message>
    <message>
        <source>remaining battery life</source>
        <translation>batteriets återstående livslängd</translation>
    </message>
    <message>
        <source>remote control</source>
        <translation>fjärrstyrning</translation>
    </message>
    <message>
        <source>reserved</source>
        <translation>reserverad</translation>
    </message>
    <message>
        <source>reserved VIFE {0}</source>
        <translation>reserverad VIFE {0}</translation>
    </message>
    <message>
        <source>reset counter</source>
        <translation>räknare för återställningar</translation>
    </message>
    <message>
        <source>response delay</source>
        <translation>svarsfördröjning</translation>
    </message>
    <message>
        <source>retry</source>
        <translation>omförsök</translation>
    </message>
    <message>
        <source>return temperature</source>
        <translation>returtemperatur</translation>
    </message>
    <message>
        <source>revolution</source>
        <translation>varv</translation>
    </message>
    <message>
        <source>room sensor</source>
        <translation>rumsgivare</translation>
    </message>
    <message>
        <source>secrets masked</source>
        <translation>hemligheter maskerade</translation>
    </message>
    <message>
        <source>security key</source>
        <translation>säkerhetsnyckel</translation>
    </message>
    <message>
        <source>select {0}</source>
        <translation>välj {0}</translation>
    </message>
    <message>
        <source>selection</source>
        <translation>urval</translation>
    </message>
    <message>
        <source>selection for readout</source>
        <translation>urval för avläsning</translation>
    </message>
    <message>
        <source>self-test</source>
        <translation>självtest</translation>
    </message>
    <message>
        <source>set {0} bit/s</source>
        <translation>ställ in {0} bit/s</translation>
    </message>
    <message>
        <source>seven segments cannot show {0}; they can show {1}</source>
        <translation>sjusegmentsdisplayen kan inte visa {0}; den kan visa {1}</translation>
    </message>
    <message>
        <source>several answers at the same time from {0}: more than one slave seems to answer</source>
        <translation>flera svar samtidigt från {0}: mer än en slav tycks svara</translation>
    </message>
    <message>
        <source>sign-on</source>
        <translation>uppkoppling</translation>
    </message>
    <message>
        <source>sign-on, address {0}</source>
        <translation>uppkoppling, adress {0}</translation>
    </message>
    <message>
        <source>sim: cannot be used here; use a tcp:, serial: or pty: LINK.</source>
        <translation>sim: kan inte användas här; använd en LINK med tcp:, serial: eller pty:.</translation>
    </message>
    <message>
        <source>simple billing</source>
        <translation>enkel debitering</translation>
    </message>
    <message>
        <source>size of storage block</source>
        <translation>lagringsblockets storlek</translation>
    </message>
    <message>
        <source>smoke detector</source>
        <translation>brandvarnare</translation>
    </message>
    <message>
        <source>many addresses in a row gave only unreadable answers: the line seems to be disturbed</source>
        <translation>många adresser i rad gav bara oläsliga svar: ledningen tycks vara störd</translation>
    </message>
    <message>
        <source>special</source>
        <translation>särskild</translation>
    </message>
    <message>
        <source>special supplier information</source>
        <translation>särskild information från leverantören</translation>
    </message>
    <message>
        <source>standard conform data content</source>
        <translation>datainnehåll enligt standarden</translation>
    </message>
    <message>
        <source>start of</source>
        <translation>början av</translation>
    </message>
    <message>
        <source>start of tariff</source>
        <translation>tariffens början</translation>
    </message>
    <message>
        <source>state of parameter activation</source>
        <translation>läge för parameteraktivering</translation>
    </message>
    <message>
        <source>steam</source>
        <translation>ånga</translation>
    </message>
    <message>
        <source>storage interval</source>
        <translation>lagringsintervall</translation>
    </message>
    <message>
        <source>storage not implemented</source>
        <translation>lagringen stöds inte</translation>
    </message>
    <message>
        <source>storage {0}</source>
        <translation>lagring {0}</translation>
    </message>
    <message>
        <source>stored at fixed date</source>
        <translation>lagrat vid fast datum</translation>
    </message>
    <message>
        <source>subtract</source>
        <translation>subtrahera</translation>
    </message>
    <message>
        <source>subunit {0}</source>
        <translation>delenhet {0}</translation>
    </message>
    <message>
        <source>summer time</source>
        <translation>sommartid</translation>
    </message>
    <message>
        <source>tariff and subunit descriptor</source>
        <translation>beskrivning av tariff och delenhet</translation>
    </message>
    <message>
        <source>tariff not implemented</source>
        <translation>tariffen stöds inte</translation>
    </message>
    <message>
        <source>tariff {0}</source>
        <translation>tariff {0}</translation>
    </message>
    <message>
        <source>telegram pointer</source>
        <translation>telegrampekare</translation>
    </message>
    <message>
        <source>telegram {0} was received again, so others may be missing; the telegrams read before are kept</source>
        <translation>telegram {0} togs emot igen, så andra kan saknas; de telegram som lästes dessförinnan behålls</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>temperatur</translation>
    </message>
    <message>
        <source>temperature difference</source>
        <translation>temperaturdifferens</translation>
    </message>
    <message>
        <source>temperature limit</source>
        <translation>temperaturgräns</translation>
    </message>
    <message>
        <source>temporary error</source>
        <translation>tillfälligt fel</translation>
    </message>
    <message>
        <source>testing</source>
        <translation>provning</translation>
    </message>
    <message>
        <source>text</source>
        <translation>en text</translation>
    </message>
    <message>
        <source>the BCC is 0x{0}, expected 0x{1}</source>
        <translation>BCC är 0x{0}, väntat 0x{1}</translation>
    </message>
    <message>
        <source>the USB serial number is missing; `cmi-gui ports` lists the available ones</source>
        <translation>USB-serienumret saknas; `cmi-gui ports` visar vilka som finns</translation>
    </message>
    <message>
        <source>the block begins with 0x{0} instead of 0x{1}</source>
        <translation>blocket börjar med 0x{0} i stället för 0x{1}</translation>
    </message>
    <message>
        <source>the checksum is {0}, but the bytes add up to {1}</source>
        <translation>kontrollsumman är {0}, men summan av alla byte är {1}</translation>
    </message>
    <message>
        <source>the data ends before the length byte of a record</source>
        <translation>data slutar före en posts längdbyte</translation>
    </message>
    <message>
        <source>the data ends inside the DIF or VIF of a record</source>
        <translation>data slutar inne i en posts DIF eller VIF</translation>
    </message>
    <message>
        <source>the data ends inside a plain text VIF</source>
        <translation>data slutar inne i en VIF i klartext</translation>
    </message>
    <message>
        <source>the data ends inside a record of {0} bytes</source>
        <translation>data slutar inne i en post på {0} byte</translation>
    </message>
    <message>
        <source>the default wiring is used</source>
        <translation>standardinkopplingen används</translation>
    </message>
    <message>
        <source>the device answered {0} with ACK</source>
        <translation>enheten besvarade {0} med ACK</translation>
    </message>
    <message>
        <source>the device answered {0} with NAK</source>
        <translation>enheten besvarade {0} med NAK</translation>
    </message>
    <message>
        <source>the device answered with a readout</source>
        <translation>enheten svarade med en avläsning</translation>
    </message>
    <message>
        <source>the device requested a repeat</source>
        <translation>enheten begärde en upprepning</translation>
    </message>
    <message>
        <source>the device is missing</source>
        <translation>enheten saknas</translation>
    </message>
    <message>
        <source>the device requested a repeat each time</source>
        <translation>enheten begärde upprepning varje gång</translation>
    </message>
    <message>
        <source>the device signed off</source>
        <translation>enheten kopplade ned</translation>
    </message>
    <message>
        <source>the disconnector</source>
        <translation>brytaren</translation>
    </message>
    <message>
        <source>the disconnector is being switched; that takes about 10 seconds</source>
        <translation>brytaren ställs om; det tar omkring 10 sekunder</translation>
    </message>
    <message>
        <source>the link did not send the message</source>
        <translation>länken sände inte meddelandet</translation>
    </message>
    <message>
        <source>the meter does not answer: {0}; check the head, and set the gateway to 300 bit/s 7E1 (if it uses 8N1, add framing=software to the LINK; if it is slow, add timeout=)</source>
        <translation>mätaren svarar inte: {0}; kontrollera läshuvudet och ställ in gatewayen på 300 bit/s 7E1 (om den använder 8N1, lägg till framing=software i dess LINK; om den är långsam, lägg till timeout=)</translation>
    </message>
    <message>
        <source>the meter was not reached: {0}; it is read again when its link is open</source>
        <translation>mätaren nåddes inte: {0}; den läses av igen när dess länk är öppen</translation>
    </message>
    <message>
        <source>the meter&apos;s answer was received undamaged, but is not valid: {0}; record it and compare it with the meter&apos;s manual</source>
        <translation>mätarens svar togs emot oskadat men är inte giltigt: {0}; spela in det och jämför det med mätarens manual</translation>
    </message>
    <message>
        <source>the push button was pressed, but it has no effect: {0}</source>
        <translation>tryckknappen trycktes in, men utan verkan: {0}</translation>
    </message>
    <message>
        <source>the slave announces more than {0} telegrams; reading stopped there</source>
        <translation>slaven aviserar fler än {0} telegram; läsningen stoppades där</translation>
    </message>
    <message>
        <source>{0} did not acknowledge {1}: not confirmed, it may have been carried out anyway</source>
        <translation>{0} kvitterade inte {1}: obekräftat, det kan ändå ha utförts</translation>
    </message>
    <message>
        <source>{0} does not answer to its secondary address</source>
        <translation>{0} svarar inte på sin sekundäradress</translation>
    </message>
    <message>
        <source>{0} does not answer; the answer received is from {1}</source>
        <translation>{0} svarar inte; det mottagna svaret är från {1}</translation>
    </message>
    <message>
        <source>{0} is already in use by this program for another link; disconnect that link.</source>
        <translation>{0} används redan av det här programmet för en annan länk; koppla från den länken.</translation>
    </message>
    <message>
        <source>switching the disconnector failed: {0}</source>
        <translation>omställningen av brytaren misslyckades: {0}</translation>
    </message>
    <message>
        <source>The meter was disconnected by hand. Connect it to resume reading.</source>
        <translation>Mätaren kopplades från för hand. Anslut den för att återuppta avläsningen.</translation>
    </message>
    <message>
        <source>a readout must end with &apos;!&apos;</source>
        <translation>en avläsning måste sluta med &apos;!&apos;</translation>
    </message>
    <message>
        <source>A number of your choice; once set, it is sent in every readout.</source>
        <translation>Ett valfritt tal; när det har ställts in skickas det i varje avläsning.</translation>
    </message>
    <message>
        <source>Eight decimal digits. In the 8-byte form, manufacturer, version and type must be the module&apos;s own.</source>
        <translation>Åtta siffror. I formen med 8 byte måste tillverkare, version och typ vara modulens egna.</translation>
    </message>
    <message>
        <source>{0} is not a mask: a mask has 8 hexadecimal digits (F for any), or 16 with manufacturer, version and device type; &quot;fabrication number&quot; and 8 digits may follow</source>
        <translation>{0} är ingen mask: en mask har 8 hexadecimala siffror (F för valfri), eller 16 med tillverkare, version och enhetstyp; &quot;fabrication number&quot; och 8 siffror kan följa</translation>
    </message>
    <message>
        <source>the request went to address {0}, but the answers came from {1}</source>
        <translation>begäran gick till adress {0}, men svaren kom från {1}</translation>
    </message>
    <message>
        <source>address {0}, identification {1}</source>
        <translation>adress {0}, identifikationsnummer {1}</translation>
    </message>
    <message>
        <source>the display has {0} characters, but the text has {1}</source>
        <translation>displayen har {0} tecken, men texten har {1}</translation>
    </message>
    <message>
        <source>sending the display text failed: {0}</source>
        <translation>det gick inte att skicka displaytexten: {0}</translation>
    </message>
    <message>
        <source>the first readout</source>
        <translation>den första avläsningen</translation>
    </message>
    <message>
        <source>the fixed structure</source>
        <translation>den fasta strukturen</translation>
    </message>
    <message>
        <source>the fixed structure must have {0} bytes, but has {1}</source>
        <translation>den fasta strukturen ska ha {0} byte, men har {1}</translation>
    </message>
    <message>
        <source>the frame ends after {0} bytes, but there are {1}</source>
        <translation>ramen slutar efter {0} byte, men det finns {1}</translation>
    </message>
    <message>
        <source>the frame ends inside its four start and length bytes</source>
        <translation>ramen slutar inne i sina fyra start- och längdbyte</translation>
    </message>
    <message>
        <source>the frame must have {0} bytes, but has only {1}</source>
        <translation>ramen ska ha {0} byte, men har bara {1}</translation>
    </message>
    <message>
        <source>the header</source>
        <translation>huvudet</translation>
    </message>
    <message>
        <source>the length byte {0} is reserved, so the end of the record is unknown</source>
        <translation>längdbyten {0} är reserverad, så det är okänt var posten slutar</translation>
    </message>
    <message>
        <source>the length bytes {0} and {1} differ</source>
        <translation>längdbytena {0} och {1} skiljer sig åt</translation>
    </message>
    <message>
        <source>the line does not become quiet</source>
        <translation>ledningen blir inte tyst</translation>
    </message>
    <message>
        <source>the link did not open in time</source>
        <translation>länken öppnades inte i tid</translation>
    </message>
    <message>
        <source>the link was closed</source>
        <translation>länken stängdes</translation>
    </message>
    <message>
        <source>the link was lost</source>
        <translation>länken bröts</translation>
    </message>
    <message>
        <source>the master on {0} sends at {1} bit/s</source>
        <translation>mastern på {0} sänder med {1} bit/s</translation>
    </message>
    <message>
        <source>the meter answers with an error message: {0}; see the meter&apos;s manual for its meaning</source>
        <translation>mätaren svarar med ett felmeddelande: {0}; se mätarens manual för vad det betyder</translation>
    </message>
    <message>
        <source>the meter starts with its initial values</source>
        <translation>mätaren börjar med sina startvärden</translation>
    </message>
    <message>
        <source>the meter ended the session: {0}; check that no other device is reading it</source>
        <translation>mätaren avslutade sessionen: {0}; kontrollera att ingen annan enhet läser av den</translation>
    </message>
    <message>
        <source>the meter confirmed the command</source>
        <translation>mätaren bekräftade kommandot</translation>
    </message>
    <message>
        <source>the meter did not confirm the command in time</source>
        <translation>mätaren bekräftade inte kommandot i tid</translation>
    </message>
    <message>
        <source>the meter does not answer, so it is unknown whether its disconnector moved</source>
        <translation>mätaren svarar inte, så det är okänt om brytaren ställdes om</translation>
    </message>
    <message>
        <source>the meter does not answer: {0}; check the position of the head, its cable and its port</source>
        <translation>mätaren svarar inte: {0}; kontrollera läshuvudets läge, dess kabel och dess port</translation>
    </message>
    <message>
        <source>the meter had a power failure; the wanted rate and display text are sent again</source>
        <translation>mätaren hade ett strömavbrott; önskad tariff och displaytext skickas igen</translation>
    </message>
    <message>
        <source>the meter has not reported yet whether its disconnector is open or closed</source>
        <translation>mätaren har ännu inte rapporterat om brytaren är öppen eller sluten</translation>
    </message>
    <message>
        <source>the meter does not support mode C, or programming mode for commands: {0}; the module needs both</source>
        <translation>mätaren stöder inte mode C, eller programmeringsläge för kommandon: {0}; modulen behöver båda</translation>
    </message>
    <message>
        <source>the meter refuses the command ({0})</source>
        <translation>mätaren avvisar kommandot ({0})</translation>
    </message>
    <message>
        <source>the meter refuses the message (NAK): {0}; it does not support the message, or received it damaged</source>
        <translation>mätaren avvisar meddelandet (NAK): {0}; den stöder det inte, eller tog emot det skadat</translation>
    </message>
    <message>
        <source>the meter refuses the password ({0}) and everything else for {1} s</source>
        <translation>mätaren avvisar lösenordet ({0}) och allt annat i {1} s</translation>
    </message>
    <message>
        <source>the meter refuses the password and everything else for {0} s</source>
        <translation>mätaren avvisar lösenordet och allt annat i {0} s</translation>
    </message>
    <message>
        <source>the meter still reports that its disconnector is closed</source>
        <translation>mätaren rapporterar fortfarande att brytaren är sluten</translation>
    </message>
    <message>
        <source>the meter still reports that its disconnector is open</source>
        <translation>mätaren rapporterar fortfarande att brytaren är öppen</translation>
    </message>
    <message>
        <source>the meter does not report the state of its disconnector</source>
        <translation>mätaren rapporterar inte brytarens läge</translation>
    </message>
    <message>
        <source>the meter does not report C.5.0</source>
        <translation>mätaren rapporterar inte C.5.0</translation>
    </message>
    <message>
        <source>the meter requires another password for this command ({0})</source>
        <translation>mätaren kräver ett annat lösenord för det här kommandot ({0})</translation>
    </message>
    <message>
        <source>the meter received a wrong password and refuses everything for a while</source>
        <translation>mätaren fick ett felaktigt lösenord och avvisar allt en stund</translation>
    </message>
    <message>
        <source>the meter&apos;s block check character is wrong: {0}; align the head and check its cable</source>
        <translation>mätarens blockkontrolltecken är fel: {0}; rikta läshuvudet och kontrollera dess kabel</translation>
    </message>
    <message>
        <source>the meter&apos;s line {0}... is left out: {1}</source>
        <translation>mätarens rad {0}... utelämnas: {1}</translation>
    </message>
    <message>
        <source>the meter&apos;s memory cannot be saved: {0} ({1})</source>
        <translation>mätarens minne kan inte sparas: {0} ({1})</translation>
    </message>
    <message>
        <source>the module has no passwords</source>
        <translation>modulen har inga lösenord</translation>
    </message>
    <message>
        <source>the module&apos;s data lines are not those that the meter sent</source>
        <translation>modulens datarader är inte de som mätaren skickade</translation>
    </message>
    <message>
        <source>the module refused {0} (status {1})</source>
        <translation>modulen avvisade {0} (status {1})</translation>
    </message>
    <message>
        <source>the module did not answer on {0}, because the answer would have been too late; this computer or its adapter may be too busy</source>
        <translation>modulen svarade inte på {0}, eftersom svaret skulle ha kommit för sent; datorn eller dess adapter kan vara för upptagen</translation>
    </message>
    <message>
        <source>the order</source>
        <translation>ordningen</translation>
    </message>
    <message>
        <source>the port</source>
        <translation>porten</translation>
    </message>
    <message>
        <source>the port is missing</source>
        <translation>porten saknas</translation>
    </message>
    <message>
        <source>the push button was pressed, but the module has no bus voltage</source>
        <translation>tryckknappen trycktes in, men modulen saknar busspänning</translation>
    </message>
    <message>
        <source>the records cannot be decoded: {0}</source>
        <translation>posterna kan inte avkodas: {0}</translation>
    </message>
    <message>
        <source>the second start byte is {0}, not 68</source>
        <translation>den andra startbyten är {0}, inte 68</translation>
    </message>
    <message>
        <source>the selected slave</source>
        <translation>den valda slaven</translation>
    </message>
    <message>
        <source>the serial number on the label has {0} digits, not {1}</source>
        <translation>serienumret på etiketten har {0} siffror, inte {1}</translation>
    </message>
    <message>
        <source>the session ended before the meter confirmed the command</source>
        <translation>sessionen slutade innan mätaren bekräftade kommandot</translation>
    </message>
    <message>
        <source>the setting &quot;Disconnector control&quot; does not allow this source</source>
        <translation>inställningen ”Brytarstyrning” tillåter inte omställning den här vägen</translation>
    </message>
    <message>
        <source>the settings cannot be saved: {0} ({1})</source>
        <translation>inställningarna kan inte sparas: {0} ({1})</translation>
    </message>
    <message>
        <source>the short header</source>
        <translation>det korta huvudet</translation>
    </message>
    <message>
        <source>the slave at address {0} reports that it has no data</source>
        <translation>slaven på adress {0} meddelar att den inte har några data</translation>
    </message>
    <message>
        <source>the speed</source>
        <translation>hastigheten</translation>
    </message>
    <message>
        <source>the speed must be one character</source>
        <translation>hastigheten måste vara ett tecken</translation>
    </message>
    <message>
        <source>the stop byte is {0}, not 16</source>
        <translation>stoppbyten är {0}, inte 16</translation>
    </message>
    <message>
        <source>the {0} password is stored {1}</source>
        <translation>lösenordet {0} sparas {1}</translation>
    </message>
    <message>
        <source>it has no options</source>
        <translation>den har inga tillval</translation>
    </message>
    <message>
        <source>there is no command</source>
        <translation>det finns inget kommando</translation>
    </message>
    <message>
        <source>the message is empty</source>
        <translation>meddelandet är tomt</translation>
    </message>
    <message>
        <source>there is no session to sign off from, or a command has not been answered yet</source>
        <translation>det finns ingen session att avsluta, eller ett kommando är ännu inte besvarat</translation>
    </message>
    <message>
        <source>there is no keyring that works without a dialog</source>
        <translation>det finns ingen nyckelring som fungerar utan dialogruta</translation>
    </message>
    <message>
        <source>no connected port has one</source>
        <translation>ingen ansluten port har något</translation>
    </message>
    <message>
        <source>thermal coupling rating factor heater side Kch</source>
        <translation>värderingsfaktor Kch för termisk koppling, radiatorsidan</translation>
    </message>
    <message>
        <source>thermal coupling rating factor overall Kc</source>
        <translation>värderingsfaktor Kc för termisk koppling, totalt</translation>
    </message>
    <message>
        <source>thermal coupling rating factor room side Kcr</source>
        <translation>värderingsfaktor Kcr för termisk koppling, rumssidan</translation>
    </message>
    <message>
        <source>thermal output rating factor Kq</source>
        <translation>värderingsfaktor Kq för värmeavgivning</translation>
    </message>
    <message>
        <source>this computer has none at the moment, so plug one in</source>
        <translation>denna dator har ingen just nu, så anslut en</translation>
    </message>
    <message>
        <source>this computer has {0}</source>
        <translation>denna dator har {0}</translation>
    </message>
    <message>
        <source>one host and one port are expected (put an IPv6 address in [brackets])</source>
        <translation>en värd och en port väntades (skriv en IPv6-adress inom [hakparenteser])</translation>
    </message>
    <message>
        <source>available: {0}</source>
        <translation>tillgängliga: {0}</translation>
    </message>
    <message>
        <source>time point of tariff change</source>
        <translation>tidpunkt för tariffbyte</translation>
    </message>
    <message>
        <source>time point second</source>
        <translation>tidpunkt, sekund</translation>
    </message>
    <message>
        <source>time, hours minutes seconds</source>
        <translation>tid, timmar minuter sekunder</translation>
    </message>
    <message>
        <source>timeout= applies only to a LINK on which this program waits for answers</source>
        <translation>timeout= gäller bara en LINK där det här programmet väntar på svar</translation>
    </message>
    <message>
        <source>times second</source>
        <translation>gånger sekund</translation>
    </message>
    <message>
        <source>times second per ampere</source>
        <translation>gånger sekund per ampere</translation>
    </message>
    <message>
        <source>times second per volt</source>
        <translation>gånger sekund per volt</translation>
    </message>
    <message>
        <source>to connect, give the path of a pseudo-terminal, for example pty:/dev/pts/3</source>
        <translation>ange sökvägen till en pseudoterminal för att ansluta, till exempel pty:/dev/pts/3</translation>
    </message>
    <message>
        <source>too many DIFEs</source>
        <translation>för många DIFE</translation>
    </message>
    <message>
        <source>too many readouts</source>
        <translation>för många avläsningar</translation>
    </message>
    <message>
        <source>too many records</source>
        <translation>för många poster</translation>
    </message>
    <message>
        <source>too many VIFEs</source>
        <translation>för många VIFE</translation>
    </message>
    <message>
        <source>two slashes must follow {0}:</source>
        <translation>två snedstreck måste följa efter {0}:</translation>
    </message>
    <message>
        <source>type C data present</source>
        <translation>data av typ C finns</translation>
    </message>
    <message>
        <source>type D data present</source>
        <translation>data av typ D finns</translation>
    </message>
    <message>
        <source>type {0}</source>
        <translation>typ {0}</translation>
    </message>
    <message>
        <source>uncorrected</source>
        <translation>okorrigerat</translation>
    </message>
    <message>
        <source>underflow</source>
        <translation>underspill</translation>
    </message>
    <message>
        <source>unidirectional repeater</source>
        <translation>enkelriktad repeterare</translation>
    </message>
    <message>
        <source>unimplemented CI field</source>
        <translation>CI-fältet stöds inte</translation>
    </message>
    <message>
        <source>unimplemented action</source>
        <translation>åtgärden stöds inte</translation>
    </message>
    <message>
        <source>unit not implemented</source>
        <translation>delenheten stöds inte</translation>
    </message>
    <message>
        <source>units for heat cost allocation</source>
        <translation>enheter för värmekostnadsfördelning</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>okänt</translation>
    </message>
    <message>
        <source>unspecified</source>
        <translation>ospecificerat</translation>
    </message>
    <message>
        <source>upper limit</source>
        <translation>övre gräns</translation>
    </message>
    <message>
        <source>user data</source>
        <translation>användardata</translation>
    </message>
    <message>
        <source>valve</source>
        <translation>ventil</translation>
    </message>
    <message>
        <source>variable</source>
        <translation>variabel längd</translation>
    </message>
    <message>
        <source>version {0}</source>
        <translation>version {0}</translation>
    </message>
    <message>
        <source>VIF and DIF do not match</source>
        <translation>VIF och DIF passar inte ihop</translation>
    </message>
    <message>
        <source>voltage</source>
        <translation>spänning</translation>
    </message>
    <message>
        <source>volume</source>
        <translation>volym</translation>
    </message>
    <message>
        <source>volume flow</source>
        <translation>volymflöde</translation>
    </message>
    <message>
        <source>warm water</source>
        <translation>varmvatten (30–90 °C)</translation>
    </message>
    <message>
        <source>waste water</source>
        <translation>avloppsvatten</translation>
    </message>
    <message>
        <source>water</source>
        <translation>vatten</translation>
    </message>
    <message>
        <source>water, mode 2</source>
        <translation>vatten, läge 2</translation>
    </message>
    <message>
        <source>week</source>
        <translation>vecka</translation>
    </message>
    <message>
        <source>week number</source>
        <translation>veckonummer</translation>
    </message>
    <message>
        <source>the answer to {0} does not end</source>
        <translation>svaret på {0} tar inte slut</translation>
    </message>
    <message>
        <source>the received characters cannot be read: {0}; align the head and shade it from bright light</source>
        <translation>de mottagna tecknen kan inte läsas: {0}; rikta läshuvudet och skugga det från starkt ljus</translation>
    </message>
    <message>
        <source>the received characters cannot be read: {0}; align the head, or add framing=software to the LINK for a gateway at 8N1, max_baud=300 for one that stays at 300 bit/s</source>
        <translation>de mottagna tecknen kan inte läsas: {0}; rikta läshuvudet, eller lägg till framing=software i dess LINK för en gateway med 8N1, max_baud=300 för en som stannar på 300 bit/s</translation>
    </message>
    <message>
        <source>wired adapter</source>
        <translation>trådbunden adapter</translation>
    </message>
    <message>
        <source>wireless M-Bus container</source>
        <translation>behållare för trådlös M-Bus</translation>
    </message>
    <message>
        <source>write</source>
        <translation>skriv</translation>
    </message>
    <message>
        <source>wrong checksum</source>
        <translation>fel kontrollsumma</translation>
    </message>
    <message>
        <source>wrong length</source>
        <translation>fel längd</translation>
    </message>
    <message>
        <source>xor</source>
        <translation>exklusivt eller</translation>
    </message>
    <message>
        <source>year</source>
        <translation>år</translation>
    </message>
    <message>
        <source>{0} (at byte {1})</source>
        <translation>{0} (vid byte {1})</translation>
    </message>
    <message>
        <source>{0} DIFEs, but a record has at most {1}</source>
        <translation>{0} DIFE, men en post har högst {1}</translation>
    </message>
    <message>
        <source>{0} V on the bus exceeds the {1} V for which the module is rated</source>
        <translation>{0} V på bussen överskrider de {1} V som modulen är avsedd för</translation>
    </message>
    <message>
        <source>{0} VIFEs, but a record has at most {1}</source>
        <translation>{0} VIFE, men en post har högst {1}</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} och {1}</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} och {1} till</translation>
    </message>
    <message>
        <source>{0} and {1} use the same port. Choose another one for one of them.</source>
        <translation>{0} och {1} använder samma port. Välj en annan för en av dem.</translation>
    </message>
    <message>
        <source>{0} answers, but without an identification number</source>
        <translation>{0} svarar, men utan identifikationsnummer</translation>
    </message>
    <message>
        <source>{0} must begin with {1}</source>
        <translation>{0} måste börja med {1}</translation>
    </message>
    <message>
        <source>{0} bytes</source>
        <translation>{0} byte</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1})</source>
        <translation>{0} kan inte användas ({1})</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1}) and cannot be renamed ({2}); {3}</source>
        <translation>{0} kan inte användas ({1}) och kan inte döpas om ({2}); {3}</translation>
    </message>
    <message>
        <source>{0} cannot be set to {1}: {2}.</source>
        <translation>{0} kan inte ställas in på {1}: {2}.</translation>
    </message>
    <message>
        <source>{0} must not contain any of ( ) * / ! (IEC 62056-21, 6.5)</source>
        <translation>{0} får inte innehålla något av ( ) * / ! (IEC 62056-21, 6.5)</translation>
    </message>
    <message>
        <source>{0} characters outside any message</source>
        <translation>{0} tecken utanför alla meddelanden</translation>
    </message>
    <message>
        <source>{0} could be read by other users; access is now restricted, but they may know the passwords in it</source>
        <translation>{0} kunde läsas av andra användare; åtkomsten är nu begränsad, men de kan känna till lösenorden i den</translation>
    </message>
    <message>
        <source>{0} counters</source>
        <translation>{0} räkneverk</translation>
    </message>
    <message>
        <source>{0} does not answer; check the address, the cable and the firewall.</source>
        <translation>{0} svarar inte; kontrollera adressen, kabeln och brandväggen.</translation>
    </message>
    <message>
        <source>{0} does not support object action {1}</source>
        <translation>{0} stöder inte objektåtgärd {1}</translation>
    </message>
    <message>
        <source>{0} does not support RFC 2217; for plain TCP, use tcp://HOST:PORT.</source>
        <translation>{0} stöder inte RFC 2217; använd tcp://HOST:PORT för vanlig TCP.</translation>
    </message>
    <message>
        <source>{0} did not accept {1}; the port behind it may not support it.</source>
        <translation>{0} godtog inte {1}; porten bakom den kanske inte stöder det.</translation>
    </message>
    <message>
        <source>{0} does not work; check that it is plugged in.</source>
        <translation>{0} fungerar inte; kontrollera att den sitter i.</translation>
    </message>
    <message>
        <source>{0} encrypted in mode {1}</source>
        <translation>{0} krypterade i läge {1}</translation>
    </message>
    <message>
        <source>{0} must end with CR LF</source>
        <translation>{0} måste sluta med CR LF</translation>
    </message>
    <message>
        <source>{0} already exists and is not a link to a pseudo-terminal; choose another path.</source>
        <translation>{0} finns redan och är ingen länk till en pseudoterminal; välj en annan sökväg.</translation>
    </message>
    <message>
        <source>{0} fields instead of 6</source>
        <translation>{0} fält i stället för 6</translation>
    </message>
    <message>
        <source>{0} from {1}</source>
        <translation>{0} från {1}</translation>
    </message>
    <message>
        <source>The connection to {0} was lost.</source>
        <translation>Förbindelsen till {0} bröts.</translation>
    </message>
    <message>
        <source>{0} must have eight decimal digits</source>
        <translation>{0} måste ha åtta siffror</translation>
    </message>
    <message>
        <source>{0} must have exactly 8 characters in the form that this profile sends (DIF 07)</source>
        <translation>{0} måste ha exakt 8 tecken i den form som den här profilen skickar (DIF 07)</translation>
    </message>
    <message>
        <source>{0} must have four rates from {1} to {2}</source>
        <translation>{0} måste ha fyra tariffer från {1} till {2}</translation>
    </message>
    <message>
        <source>{0} must have four rates, such as 1 2 3 4</source>
        <translation>{0} måste ha fyra tariffer, till exempel 1 2 3 4</translation>
    </message>
    <message>
        <source>{0} has no RTS and DTR lines; leave out rts= and dtr=.</source>
        <translation>{0} har inga RTS- och DTR-ledningar; utelämna rts= och dtr=.</translation>
    </message>
    <message>
        <source>{0} takes no value, or a sub-code of two hex digits: B0 restores the factory values</source>
        <translation>{0} tar inget värde, eller en underkod med två hexsiffror: B0 återställer fabriksvärdena</translation>
    </message>
    <message>
        <source>{0} must have {1} bytes, but has only {2}</source>
        <translation>{0} ska ha {1} byte, men har bara {2}</translation>
    </message>
    <message>
        <source>{0} has {1} characters; at most {2} are allowed</source>
        <translation>{0} har {1} tecken; högst {2} är tillåtna</translation>
    </message>
    <message>
        <source>{0} must have {1} to {2} characters, not {3}</source>
        <translation>{0} måste ha {1} till {2} tecken, inte {3}</translation>
    </message>
    <message>
        <source>an odd number of hex digits ({0}): one is missing or too many</source>
        <translation>ett udda antal hexsiffror ({0}): en saknas eller är för mycket</translation>
    </message>
    <message>
        <source>{0} must be a number such as 0.5 or 2, not {1}</source>
        <translation>{0} måste vara ett tal som 0.5 eller 2, inte {1}</translation>
    </message>
    <message>
        <source>{0} must be a number, not {1}</source>
        <translation>{0} måste vara ett tal, inte {1}</translation>
    </message>
    <message>
        <source>{0} must be a text</source>
        <translation>{0} måste vara en text</translation>
    </message>
    <message>
        <source>{0} must be a whole number from {1} to {2}</source>
        <translation>{0} måste vara ett heltal från {1} till {2}</translation>
    </message>
    <message>
        <source>{0} was acknowledged, but the module still uses its old speed</source>
        <translation>{0} kvitterades, men modulen använder fortfarande sin gamla hastighet</translation>
    </message>
    <message>
        <source>{0} was acknowledged, but {1} has not answered since then</source>
        <translation>{0} kvitterades, men {1} har inte svarat sedan dess</translation>
    </message>
    <message>
        <source>{0} was acknowledged, but {1} reports no status</source>
        <translation>{0} kvitterades, men {1} anger ingen status</translation>
    </message>
    <message>
        <source>{0} is closed.</source>
        <translation>{0} är stängd.</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}); it was renamed to {2}, and {3}</source>
        <translation>{0} är skadad ({1}); den har döpts om till {2}, och {3}</translation>
    </message>
    <message>
        <source>{0} is in the system&apos;s keyring, which cannot be used now ({1})</source>
        <translation>{0} finns i systemets nyckelring, som inte kan användas nu ({1})</translation>
    </message>
    <message>
        <source>{0} is in use by another program</source>
        <translation>{0} används av ett annat program</translation>
    </message>
    <message>
        <source>{0} is in use by another program; close that program.</source>
        <translation>{0} används av ett annat program; stäng det programmet.</translation>
    </message>
    <message>
        <source>{0} is in use by {1} (process {2}); close that program.</source>
        <translation>{0} används av {1} (process {2}); stäng det programmet.</translation>
    </message>
    <message>
        <source>{0} is not a LINK</source>
        <translation>{0} är ingen LINK</translation>
    </message>
    <message>
        <source>{0} is not an OBIS code</source>
        <translation>{0} är inte en OBIS-kod</translation>
    </message>
    <message>
        <source>{0} is not a valid pyserial URL, such as rfc2217://HOST:PORT.</source>
        <translation>{0} är ingen giltig URL för pyserial, till exempel rfc2217://HOST:PORT.</translation>
    </message>
    <message>
        <source>{0} is not an address of this computer; use 127.0.0.1 or 0.0.0.0.</source>
        <translation>{0} är ingen adress på denna dator; använd 127.0.0.1 eller 0.0.0.0.</translation>
    </message>
    <message>
        <source>{0} is not a hex digit</source>
        <translation>{0} är ingen hexsiffra</translation>
    </message>
    <message>
        <source>{0} is no longer in the system&apos;s keyring</source>
        <translation>{0} finns inte längre i systemets nyckelring</translation>
    </message>
    <message>
        <source>{0} is not an option of {1}: ({2})</source>
        <translation>{0} är inget tillval för {1}: ({2})</translation>
    </message>
    <message>
        <source>{0} is not a range of primary addresses; write it as 5 or 0-{1}</source>
        <translation>{0} är inget intervall av primäradresser; skriv det som 5 eller 0-{1}</translation>
    </message>
    <message>
        <source>{0} is not sent as a record</source>
        <translation>{0} skickas inte som en post</translation>
    </message>
    <message>
        <source>{0} is not a serial port, or does not support this speed and format.</source>
        <translation>{0} är ingen seriell port, eller stöder inte denna hastighet och detta format.</translation>
    </message>
    <message>
        <source>{0} is not a valid time</source>
        <translation>{0} är ingen giltig tid</translation>
    </message>
    <message>
        <source>{0} is not one of {1}</source>
        <translation>{0} är inte något av {1}</translation>
    </message>
    <message>
        <source>{0} cannot be sent with data field {1}</source>
        <translation>{0} kan inte skickas med datafält {1}</translation>
    </message>
    <message>
        <source>{0} is now another slave, {1} instead of {2}</source>
        <translation>{0} är nu en annan slav, {1} i stället för {2}</translation>
    </message>
    <message>
        <source>{0} must be one character, not {1}</source>
        <translation>{0} måste vara ett tecken, inte {1}</translation>
    </message>
    <message>
        <source>{0} has no object actions</source>
        <translation>{0} har inga objektåtgärder</translation>
    </message>
    <message>
        <source>{0} may contain only printable ASCII characters</source>
        <translation>{0} får bara innehålla utskrivbara ASCII-tecken</translation>
    </message>
    <message>
        <source>{0} is {1} bit/s, not {2}</source>
        <translation>{0} är {1} bit/s, inte {2}</translation>
    </message>
    <message>
        <source>{0} must be {1} or {2}, not {3}</source>
        <translation>{0} måste vara {1} eller {2}, inte {3}</translation>
    </message>
    <message>
        <source>{0} must be {1} to {2}, not {3}</source>
        <translation>{0} måste vara {1} till {2}, inte {3}</translation>
    </message>
    <message>
        <source>{0} points to {1}, which is in use; close that program or choose another path.</source>
        <translation>{0} pekar på {1}, som används; stäng det programmet eller välj en annan sökväg.</translation>
    </message>
    <message>
        <source>{0} must not contain {1}</source>
        <translation>{0} får inte innehålla {1}</translation>
    </message>
    <message>
        <source>{0} not decoded: {1}</source>
        <translation>{0} kunde inte avkodas: {1}</translation>
    </message>
    <message>
        <source>{0} of manufacturer data</source>
        <translation>{0} tillverkardata</translation>
    </message>
    <message>
        <source>only {0} of {1} lines were restored; missing: {2}</source>
        <translation>bara {0} av {1} rader återställdes; saknas: {2}</translation>
    </message>
    <message>
        <source>the identification {0} has the speed character {1}, which is not mode C</source>
        <translation>identifieringen {0} har hastighetstecknet {1}, som inte hör till mode C</translation>
    </message>
    <message>
        <source>{0} or {1}</source>
        <translation>{0} eller {1}</translation>
    </message>
    <message>
        <source>{0} records</source>
        <translation>{0} poster</translation>
    </message>
    <message>
        <source>{0} does not set anything</source>
        <translation>{0} ställer inte in något</translation>
    </message>
    <message>
        <source>{0} is given twice</source>
        <translation>{0} anges två gånger</translation>
    </message>
    <message>
        <source>{0} no longer accepts data; check the device or the other side.</source>
        <translation>{0} tar inte längre emot data; kontrollera enheten eller andra sidan.</translation>
    </message>
    <message>
        <source>{0} takes no value</source>
        <translation>{0} tar inget värde</translation>
    </message>
    <message>
        <source>{0} takes {1}</source>
        <translation>{0} tar {1}</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} till {1}</translation>
    </message>
    <message>
        <source>{0}, after a damaged echo of the sent message (add echo=on to the LINK to remove the echo)</source>
        <translation>{0}, efter ett skadat eko av det sända meddelandet (lägg till echo=on i dess LINK för att ta bort ekot)</translation>
    </message>
    <message>
        <source>{0}, after a line error ({1})</source>
        <translation>{0}, efter ett linjefel ({1})</translation>
    </message>
    <message>
        <source>{0}, and a temporary folder cannot be created either; changes are not saved</source>
        <translation>{0}, och en tillfällig mapp kan inte heller skapas; ändringar sparas inte</translation>
    </message>
    <message>
        <source>{0}, not decimal</source>
        <translation>{0}, inte decimalt</translation>
    </message>
    <message>
        <source>{0}, stored value {1}</source>
        <translation>{0}, lagrat värde {1}</translation>
    </message>
    <message>
        <source>{0}: a connection from {1} was closed, because it began with {2} and not with a telegram</source>
        <translation>{0}: en anslutning från {1} stängdes, eftersom den började med {2} och inte med ett telegram</translation>
    </message>
    <message>
        <source>{0}: the sign-on to a meter is at 300 bit/s, and changes of its speed are followed. Remove baud=auto.</source>
        <translation>{0}: uppkopplingen till en mätare sker med 300 bit/s, och byten av hastighet följs. Ta bort baud=auto.</translation>
    </message>
    <message>
        <source>{0}: received at {1} bit/s, but the module uses {2} bit/s</source>
        <translation>{0}: mottaget med {1} bit/s, men modulen använder {2} bit/s</translation>
    </message>
    <message>
        <source>{0}: listening at {1} bit/s.</source>
        <translation>{0}: lyssnar med {1} bit/s.</translation>
    </message>
    <message>
        <source>{0}: manufacturer, version and type cannot be changed; they are {1}, not {2}</source>
        <translation>{0}: tillverkare, version och typ kan inte ändras; de är {1}, inte {2}</translation>
    </message>
    <message>
        <source>{0}: no result within {1} s</source>
        <translation>{0}: inget resultat inom {1} s</translation>
    </message>
    <message>
        <source>{0}: pyserial does not support this kind of port.</source>
        <translation>{0}: pyserial stöder inte den här typen av port.</translation>
    </message>
    <message>
        <source>{0}: the received data cannot be read. It began before listening started, or it is not mode C. The next sign-on will be followed.</source>
        <translation>{0}: mottagna data kan inte läsas. De började innan lyssnandet startade, eller så är de inte mode C. Nästa uppkoppling följs.</translation>
    </message>
    <message>
        <source>{0}: the received data cannot be read as M-Bus. Check the speed and the wires of the tap.</source>
        <translation>{0}: mottagna data kan inte läsas som M-Bus. Kontrollera hastigheten och uttagets ledningar.</translation>
    </message>
    <message>
        <source>{0}: {1} connections are open, so the one from {2}, which had been silent longest, was closed for a new one from {3}</source>
        <translation>{0}: {1} anslutningar är öppna, så den från {2}, som hade varit tyst längst, stängdes för en ny från {3}</translation>
    </message>
    <message>
        <source>{0}: {1}. Remove it here.</source>
        <translation>{0}: {1}. Ta bort det här.</translation>
    </message>
    <message>
        <source>{0}: {1} bit/s cannot be received, because the module uses {2} bit/s; pty:?baud=any accepts any speed</source>
        <translation>{0}: {1} bit/s kan inte tas emot, eftersom modulen använder {2} bit/s; pty:?baud=any godtar alla hastigheter</translation>
    </message>
    <message>
        <source>{0}: {1}; the form is {2}.</source>
        <translation>{0}: {1}; formen är {2}.</translation>
    </message>
    <message>
        <source>{0}; the forms are: {1}.</source>
        <translation>{0}; formerna är: {1}.</translation>
    </message>
    <message>
        <source>{0}; another attempt follows</source>
        <translation>{0}; ett nytt försök görs</translation>
    </message>
    <message>
        <source>{0}; nothing was sent</source>
        <translation>{0}; inget skickades</translation>
    </message>
    <message>
        <source>{0}; secrets masked</source>
        <translation>{0}; hemligheter maskerade</translation>
    </message>
    <message>
        <source>{0}; this program uses a temporary folder, and its changes are not saved</source>
        <translation>{0}; programmet använder en tillfällig mapp, och ändringar sparas inte</translation>
    </message>
    <message>
        <source>the request</source>
        <translation>begäran</translation>
    </message>
    <message>
        <source>the option select</source>
        <translation>optionsvalet</translation>
    </message>
    <message>
        <source>the password</source>
        <translation>lösenordet</translation>
    </message>
    <message>
        <source>the command</source>
        <translation>kommandot</translation>
    </message>
    <message>
        <source>{0} may contain only printable ASCII characters, not {1}</source>
        <translation>{0} får bara innehålla utskrivbara ASCII-tecken, inte {1}</translation>
    </message>
    <message>
        <source>no request can be sent to the meter: {0}; check that no other device is reading it</source>
        <translation>ingen begäran kan skickas till mätaren: {0}; kontrollera att ingen annan enhet läser av den</translation>
    </message>
    <message>
        <source>time</source>
        <translation>tid</translation>
    </message>
    <message>
        <source>code</source>
        <translation>kod</translation>
    </message>
    <message>
        <source>meaning</source>
        <translation>betydelse</translation>
    </message>
    <message>
        <source>value</source>
        <translation>värde</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>enhet</translation>
    </message>
    <message>
        <source>quality</source>
        <translation>kvalitet</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>uppmätt</translation>
    </message>
    <message>
        <source>last known</source>
        <translation>senast känt</translation>
    </message>
    <message>
        <source>hours from UTC</source>
        <translation>timmar från UTC</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>Avläsningar</translation>
    </message>
    <message>
        <source>setting rate {0} is not confirmed: {1}</source>
        <translation>inställningen av tariff {0} är inte bekräftad: {1}</translation>
    </message>
    <message>
        <source>sending the display text is not confirmed: {0}</source>
        <translation>sändningen av displaytexten är inte bekräftad: {0}</translation>
    </message>
    <message>
        <source>switching the disconnector is not confirmed: {0}</source>
        <translation>omställningen av brytaren är inte bekräftad: {0}</translation>
    </message>
    <message>
        <source>Power from {0}</source>
        <translation>Effekt ur {0}</translation>
    </message>
    <message>
        <source>a note has at most {0} lines, this one has {1}</source>
        <translation>en anteckning har högst {0} rader, den här har {1}</translation>
    </message>
    <message>
        <source>a note has at most {0} characters, this one has {1}</source>
        <translation>en anteckning har högst {0} tecken, den här har {1}</translation>
    </message>
    <message>
        <source>a note needs a text</source>
        <translation>en anteckning måste ha en text</translation>
    </message>
    <message>
        <source>derived</source>
        <translation>beräknad</translation>
    </message>
    <message>
        <source>note</source>
        <translation>anteckning</translation>
    </message>
    <message>
        <source>{0}, fabrication number {1}</source>
        <translation>{0}, tillverkningsnummer {1}</translation>
    </message>
    <message>
        <source>{0} of manufacturer data: their effect is not known.</source>
        <translation>{0} tillverkardata: verkan är inte känd.</translation>
    </message>
    <message>
        <source>status</source>
        <translation>status</translation>
    </message>
    <message>
        <source>telegram</source>
        <translation>telegram</translation>
    </message>
    <message>
        <source>the last telegram</source>
        <translation>sista telegrammet</translation>
    </message>
    <message>
        <source>version</source>
        <translation>version</translation>
    </message>
    <message>
        <source>{0} bytes: a telegram has at most {1}</source>
        <translation>{0} byte: ett telegram har högst {1}</translation>
    </message>
    <message>
        <source>C field</source>
        <translation>C-fält</translation>
    </message>
    <message>
        <source>C field {0}: its effect is not known.</source>
        <translation>C-fält {0}: verkan är inte känd.</translation>
    </message>
    <message>
        <source>CI field</source>
        <translation>CI-fält</translation>
    </message>
    <message>
        <source>CI field {0}: its effect is not known.</source>
        <translation>CI-fält {0}: verkan är inte känd.</translation>
    </message>
    <message>
        <source>It reaches every slave on the bus, and all of them answer at the same time.</source>
        <translation>Det når alla slavar på bussen, och alla svarar samtidigt.</translation>
    </message>
    <message>
        <source>It reaches every slave on the bus, and none of them answers.</source>
        <translation>Det når alla slavar på bussen, och ingen av dem svarar.</translation>
    </message>
    <message>
        <source>Its records cannot be decoded: its effect is not known.</source>
        <translation>Dess poster kan inte avkodas: verkan är inte känd.</translation>
    </message>
    <message>
        <source>Only slaves send such a telegram: its effect on other devices is not known.</source>
        <translation>Bara slavar skickar ett sådant telegram: verkan på andra enheter är inte känd.</translation>
    </message>
    <message>
        <source>Record {0}: its effect is not known.</source>
        <translation>Post {0}: verkan är inte känd.</translation>
    </message>
    <message>
        <source>This changes the speed to {0} bit/s: the slave then no longer answers at the present speed.</source>
        <translation>Detta ändrar hastigheten till {0} bit/s: slaven svarar sedan inte längre på nuvarande hastighet.</translation>
    </message>
    <message>
        <source>This changes which records the slave sends from now on.</source>
        <translation>Detta ändrar vilka poster slaven skickar i fortsättningen.</translation>
    </message>
    <message>
        <source>This changes {0} to {1}.</source>
        <translation>Detta ändrar {0} till {1}.</translation>
    </message>
    <message>
        <source>This changes {0}.</source>
        <translation>Detta ändrar {0}.</translation>
    </message>
    <message>
        <source>This is not a telegram: its effect is not known.</source>
        <translation>Detta är inget telegram: verkan är inte känd.</translation>
    </message>
    <message>
        <source>This resets the application of the slave with sub-code {0}.</source>
        <translation>Detta återställer slavens applikation med underkod {0}.</translation>
    </message>
    <message>
        <source>This resets the application of the slave.</source>
        <translation>Detta återställer slavens applikation.</translation>
    </message>
    <message>
        <source>This sends {0}, without a value.</source>
        <translation>Detta skickar {0}, utan värde.</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>saknas</translation>
    </message>
    <message>
        <source>address</source>
        <translation>adress</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>byte</translation>
    </message>
    <message>
        <source>bytes that cannot be decoded</source>
        <translation>byte som inte kan avkodas</translation>
    </message>
    <message>
        <source>manufacturer data</source>
        <translation>tillverkardata</translation>
    </message>
    <message>
        <source>masked bytes (**) hide a secret and are never sent</source>
        <translation>maskerade byte (**) döljer en hemlighet och skickas aldrig</translation>
    </message>
    <message>
        <source>not a telegram: {0}</source>
        <translation>inget telegram: {0}</translation>
    </message>
    <message>
        <source>not sent: it has masked bytes, such as a password</source>
        <translation>skickades inte: det har maskerade byte, till exempel ett lösenord</translation>
    </message>
    <message>
        <source>not sent: it is damaged in the capture</source>
        <translation>skickades inte: det är skadat i inspelningen</translation>
    </message>
    <message>
        <source>series</source>
        <translation>serie</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>signatur</translation>
    </message>
    <message>
        <source>{0} has 8 digits, not {1}</source>
        <translation>{0} har 8 siffror, inte {1}</translation>
    </message>
    <message>
        <source>{0} is not a key here</source>
        <translation>{0} är ingen nyckel här</translation>
    </message>
    <message>
        <source>{0} must be {1}</source>
        <translation>{0} ska vara {1}</translation>
    </message>
    <message>
        <source>{0} telegrams: only one can be sent at a time</source>
        <translation>{0} telegram: bara ett kan skickas åt gången</translation>
    </message>
    <message>
        <source>{0}: no such password</source>
        <translation>{0}: det finns inget sådant lösenord</translation>
    </message>
    <message>
        <source>{0}: no such setting; the settings are {1}</source>
        <translation>{0}: det finns ingen sådan inställning; inställningarna är {1}</translation>
    </message>
    <message>
        <source>{0}: passwords are not kept in a site; remove it</source>
        <translation>{0}: lösenord sparas inte i en anläggning; ta bort det</translation>
    </message>
    <message>
        <source>{0}; otherwise {1}</source>
        <translation>{0}; i övrigt {1}</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>fel</translation>
    </message>
    <message>
        <source>overlapped answers</source>
        <translation>överlagrade svar</translation>
    </message>
    <message>
        <source>module {0}: {1}</source>
        <translation>modul {0}: {1}</translation>
    </message>
    <message>
        <source>of {0} modules: {1}</source>
        <translation>från {0} moduler: {1}</translation>
    </message>
    <message>
        <source>{0} is not a fault; a fault is one of {1}</source>
        <translation>{0} är inget fel; ett fel är ett av {1}</translation>
    </message>
    <message>
        <source>{0} is not of the form {1} [once | every N | N %]</source>
        <translation>{0} har inte formen {1} [once | every N | N %]</translation>
    </message>
    <message>
        <source>the slave reports an application error in place of its data</source>
        <translation>slaven rapporterar ett applikationsfel i stället för sina data</translation>
    </message>
    <message>
        <source>module {0}: {1} is {2}, expected: {3}</source>
        <translation>modul {0}: {1} är {2}, väntat: {3}</translation>
    </message>
    <message>
        <source>{0} is not a quantity; they are {1}, and OBIS codes</source>
        <translation>{0} är ingen storhet; de är {1}, och OBIS-koder</translation>
    </message>
    <message>
        <source>{0} cannot be compared with {1}</source>
        <translation>{0} kan inte jämföras med {1}</translation>
    </message>
    <message>
        <source>the value of {0} is missing: {1}</source>
        <translation>värdet för {0} saknas: {1}</translation>
    </message>
    <message>
        <source>{0} is not a value of {1}: {2}</source>
        <translation>{0} är inget värde för {1}: {2}</translation>
    </message>
    <message>
        <source>a line can wait 0 to {0} seconds, not {1}</source>
        <translation>en rad kan vänta 0 till {0} sekunder, inte {1}</translation>
    </message>
    <message>
        <source>{0} is not part of a condition, `[TARGET] QUANTITY [is] VALUE`</source>
        <translation>{0} hör inte till ett villkor, `[TARGET] QUANTITY [is] VALUE`</translation>
    </message>
    <message>
        <source>not met within {0} s: {1}</source>
        <translation>inte uppfyllt inom {0} s: {1}</translation>
    </message>
    <message>
        <source>a line has at most {0} characters, not {1}</source>
        <translation>en rad har högst {0} tecken, inte {1}</translation>
    </message>
    <message>
        <source>{0} is not a module; the modules are {1}, and the form is {2}</source>
        <translation>{0} är ingen modul; modulerna är {1}, och formen är {2}</translation>
    </message>
    <message>
        <source>{0} is not a control line; `help` lists them</source>
        <translation>{0} är ingen styrrad; `help` räknar upp dem</translation>
    </message>
    <message>
        <source>{0} is not a control line; the form is {1}</source>
        <translation>{0} är ingen styrrad; formen är {1}</translation>
    </message>
    <message>
        <source>{0} is not one of the {1}: {2}</source>
        <translation>{0} hör inte till {1}: {2}</translation>
    </message>
    <message>
        <source>expected on or off, not {0}</source>
        <translation>väntade on eller off, inte {0}</translation>
    </message>
    <message>
        <source>{0} is not a number</source>
        <translation>{0} är inget tal</translation>
    </message>
    <message>
        <source>{0} is not a whole number</source>
        <translation>{0} är inget heltal</translation>
    </message>
    <message>
        <source>a real meter is wired; these lines are for the simulated one</source>
        <translation>en riktig mätare är inkopplad; dessa rader gäller den simulerade</translation>
    </message>
    <message>
        <source>the meter can be slowed by 0 to {0} seconds, not {1}</source>
        <translation>mätaren kan fördröjas 0 till {0} sekunder, inte {1}</translation>
    </message>
    <message>
        <source>the phases are 1, 2 and 3, not {0}</source>
        <translation>faserna är 1, 2 och 3, inte {0}</translation>
    </message>
    <message>
        <source>{0} is not two hex digits</source>
        <translation>{0} är inte två hexadecimala siffror</translation>
    </message>
    <message>
        <source>the meter has no supply, so its button has no effect</source>
        <translation>mätaren saknar matning, så dess knapp har ingen verkan</translation>
    </message>
    <message>
        <source>the rate inputs are A and B, not {0}</source>
        <translation>tariffingångarna är A och B, inte {0}</translation>
    </message>
    <message>
        <source>the module has no bus voltage, so it does not read the meter</source>
        <translation>modulen saknar busspänning, så den läser inte av mätaren</translation>
    </message>
    <message>
        <source>reading is paused; `pause off` resumes it</source>
        <translation>avläsningen är pausad; `pause off` återupptar den</translation>
    </message>
    <message>
        <source>there is no diagnosis here</source>
        <translation>här finns ingen felsökning</translation>
    </message>
    <message>
        <source>events are sent on connections to the control socket only</source>
        <translation>händelser sänds bara på anslutningar till styrsocketen</translation>
    </message>
    <message>
        <source>expected to fail with {0}, but it succeeded</source>
        <translation>väntades misslyckas med {0}, men lyckades</translation>
    </message>
    <message>
        <source>expected to fail with {0}, but it failed with {1}: {2}</source>
        <translation>väntades misslyckas med {0}, men misslyckades med {1}: {2}</translation>
    </message>
    <message>
        <source>the scenario ends without a line that does anything</source>
        <translation>scenariot slutar utan en rad som gör något</translation>
    </message>
    <message>
        <source>no line follows the time at the end</source>
        <translation>ingen rad följer efter tiden på slutet</translation>
    </message>
    <message>
        <source>{0} has characters that cannot be printed</source>
        <translation>{0} har tecken som inte kan skrivas ut</translation>
    </message>
    <message>
        <source>{0} may occur only once, at the beginning</source>
        <translation>{0} står bara i början, en gång</translation>
    </message>
    <message>
        <source>{0} is not complete; the form is {1}</source>
        <translation>{0} är inte fullständig; formen är {1}</translation>
    </message>
    <message>
        <source>{0} is earlier than the time of a line before</source>
        <translation>{0} är tidigare än tiden för en rad före</translation>
    </message>
    <message>
        <source>{0} is not complete; the form is fails CODE LINE, such as fails no_answer master read 1</source>
        <translation>{0} är inte fullständig; formen är fails KOD RAD, till exempel fails no_answer master read 1</translation>
    </message>
    <message>
        <source>{0}: a room file is in the folder of the scenario or below it</source>
        <translation>{0}: en rumsfil ligger i scenariots mapp eller under den</translation>
    </message>
    <message>
        <source>{0} has no value</source>
        <translation>{0} har inget värde</translation>
    </message>
    <message>
        <source>a time is a number and one of {0}, such as 5 s, not {1}</source>
        <translation>en tid är ett tal och något av {0}, till exempel 5 s, inte {1}</translation>
    </message>
    <message>
        <source>a time is 0 to {0} h, not {1}</source>
        <translation>en tid är 0 till {0} h, inte {1}</translation>
    </message>
    <message>
        <source>expected an address and the name of a setting or action</source>
        <translation>en adress och namnet på en inställning eller åtgärd väntades</translation>
    </message>
    <message>
        <source>settings and actions</source>
        <translation>inställningarna och åtgärderna</translation>
    </message>
    <message>
        <source>speeds</source>
        <translation>hastigheterna</translation>
    </message>
    <message>
        <source>expected a name and a value, such as found 3</source>
        <translation>ett namn och ett värde väntades, till exempel found 3</translation>
    </message>
    <message>
        <source>expected {0} {1}, but the master received only {2}</source>
        <translation>{0} {1} väntades, men mastern tog bara emot {2}</translation>
    </message>
    <message>
        <source>expected {0} {1}, found {2}</source>
        <translation>{0} {1} väntades, {2} hittades</translation>
    </message>
    <message>
        <source>primary addresses are 0 to {0}, and {1} for a single slave, not {2}</source>
        <translation>primäradresser är 0 till {0}, och {1} för en ensam slav, inte {2}</translation>
    </message>
    <message>
        <source>a telegram cannot be decoded: {0}</source>
        <translation>ett telegram kan inte avkodas: {0}</translation>
    </message>
    <message>
        <source>the slave reported an error: {0}</source>
        <translation>slaven rapporterade ett fel: {0}</translation>
    </message>
    <message>
        <source>0 (none), 1 (bus), 2 (push button) or 3 (both)</source>
        <translation>0 (ingen), 1 (buss), 2 (tryckknapp) eller 3 (båda)</translation>
    </message>
    <message>
        <source>0 or 1</source>
        <translation>0 eller 1</translation>
    </message>
    <message>
        <source>300 or 2400</source>
        <translation>300 eller 2400</translation>
    </message>
    <message>
        <source>8 digits in quotes, such as &quot;33456789&quot;</source>
        <translation>8 siffror inom citattecken, till exempel &quot;33456789&quot;</translation>
    </message>
    <message>
        <source>8 digits in quotes, such as &quot;50100001&quot;</source>
        <translation>8 siffror inom citattecken, till exempel &quot;50100001&quot;</translation>
    </message>
    <message>
        <source>OBIS codes in quotes, at most 190 characters</source>
        <translation>OBIS-koder inom citattecken, högst 190 tecken</translation>
    </message>
    <message>
        <source>a letter and up to 31 letters, digits, points, hyphens or underscores, in quotes, but not &quot;all&quot;</source>
        <translation>en bokstav och upp till 31 bokstäver, siffror, punkter, bindestreck eller understreck, inom citattecken, men inte &quot;all&quot;</translation>
    </message>
    <message>
        <source>a list of faults in quotes, such as {0}</source>
        <translation>en lista med fel inom citattecken, till exempel {0}</translation>
    </message>
    <message>
        <source>a number from 0 to 2147483647</source>
        <translation>ett tal från 0 till 2147483647</translation>
    </message>
    <message>
        <source>a number from 0 to 250</source>
        <translation>ett tal från 0 till 250</translation>
    </message>
    <message>
        <source>a number from 0 to 63</source>
        <translation>ett tal från 0 till 63</translation>
    </message>
    <message>
        <source>a number of seconds from 1 to 86400</source>
        <translation>ett antal sekunder från 1 till 86400</translation>
    </message>
    <message>
        <source>a range of bit times within 11 to 330 in quotes, such as &quot;11-60&quot;</source>
        <translation>ett intervall av bittider inom 11 till 330 inom citattecken, till exempel &quot;11-60&quot;</translation>
    </message>
    <message>
        <source>a room has at least one module, each in a table [[module]]</source>
        <translation>ett rum har minst en modul, var och en i en tabell [[module]]</translation>
    </message>
    <message>
        <source>a room has at most {0} modules, as a bus has</source>
        <translation>ett rum har högst {0} moduler, liksom en buss</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>en tabell</translation>
    </message>
    <message>
        <source>a table for each module, [[module]]</source>
        <translation>en tabell för varje modul, [[module]]</translation>
    </message>
    <message>
        <source>a table of energy in quotes, as the meter spells it, such as {0}</source>
        <translation>en tabell med energi inom citattecken, så som mätaren skriver den, till exempel {0}</translation>
    </message>
    <message>
        <source>a table, [defaults]</source>
        <translation>en tabell, [defaults]</translation>
    </message>
    <message>
        <source>four rates from 0 to 6, such as {0}</source>
        <translation>fyra tariffer från 0 till 6, till exempel {0}</translation>
    </message>
    <message>
        <source>line {0}</source>
        <translation>rad {0}</translation>
    </message>
    <message>
        <source>one of {0}, in quotes</source>
        <translation>en av {0}, inom citattecken</translation>
    </message>
    <message>
        <source>the key {0} is missing; it must be {1}</source>
        <translation>nyckeln {0} saknas; den måste vara {1}</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true eller false</translation>
    </message>
    <message>
        <source>{0} is not a key here; the keys are {1}</source>
        <translation>{0} är ingen nyckel här; nycklarna är {1}</translation>
    </message>
    <message>
        <source>{0} is not an energy register of {1}; it has {2}</source>
        <translation>{0} är inget energiregister i {1}; den har {2}</translation>
    </message>
    <message>
        <source>{0} must be {1}, not {2}</source>
        <translation>{0} måste vara {1}, inte {2}</translation>
    </message>
    <message>
        <source>{0} {1} is that of the module in line {2} already</source>
        <translation>{0} {1} tillhör redan modulen på rad {2}</translation>
    </message>
    <message>
        <source>the number of modules</source>
        <translation>antalet moduler</translation>
    </message>
    <message>
        <source>the time cannot be changed while a real meter is wired; wire the simulated meter first</source>
        <translation>tiden kan inte ändras medan en riktig mätare är ansluten; anslut först den simulerade mätaren</translation>
    </message>
    <message>
        <source>a real meter is wired, so time passes at its real speed again</source>
        <translation>en riktig mätare är ansluten, så tiden går åter i verklig takt</translation>
    </message>
    <message>
        <source>time can pass {0} to {1} times as fast, not {2}</source>
        <translation>tiden kan gå {0} till {1} gånger så fort, inte {2}</translation>
    </message>
    <message>
        <source>the year</source>
        <translation>årtalet</translation>
    </message>
    <message>
        <source>expected {0} {1}, but the master has received nothing</source>
        <translation>väntade {0} {1}, men mastern har inte tagit emot något</translation>
    </message>
    <message>
        <source>the seed of a room</source>
        <translation>rummets startvärde</translation>
    </message>
    <message>
        <source>{0} (module {1})</source>
        <translation>{0} (modul {1})</translation>
    </message>
    <message>
        <source>{0} is not a word of this line; these are: {1}</source>
        <translation>{0} är inget ord på denna rad; de är: {1}</translation>
    </message>
    <message>
        <source>{0} may be given only once</source>
        <translation>{0} får anges bara en gång</translation>
    </message>
    <message>
        <source>is neither an Excel file (.xlsx) nor a text; save it as .xlsx or as CSV with UTF-8</source>
        <translation>är varken en Excel-fil (.xlsx) eller en textfil; spara den som .xlsx eller som CSV med UTF-8</translation>
    </message>
    <message>
        <source>is an old Excel file or is protected by a password; save it as .xlsx or CSV without a password</source>
        <translation>är en gammal Excel-fil eller skyddad med lösenord; spara den som .xlsx eller CSV utan lösenord</translation>
    </message>
    <message>
        <source>is a formula without a stored result; paste the values instead of the formulas</source>
        <translation>är en formel utan sparat resultat; klistra in värdena i stället för formlerna</translation>
    </message>
    <message>
        <source>is an error of the spreadsheet, {0}</source>
        <translation>är ett fel i kalkylarket, {0}</translation>
    </message>
    <message>
        <source>is a date; give the column the format Text and enter it again</source>
        <translation>är ett datum; ge kolumnen formatet Text och skriv in värdet igen</translation>
    </message>
    <message>
        <source>the quotes are not closed or not in pairs ({0})</source>
        <translation>citattecknen är inte avslutade eller inte parvisa ({0})</translation>
    </message>
    <message>
        <source>is not a valid Excel file ({0}); save it again as .xlsx, or as CSV</source>
        <translation>är ingen giltig Excel-fil ({0}); spara den igen som .xlsx, eller som CSV</translation>
    </message>
    <message>
        <source>has more than {0} lines</source>
        <translation>har fler än {0} rader</translation>
    </message>
    <message>
        <source>line {0}: has more than {1} cells</source>
        <translation>rad {0}: har fler än {1} celler</translation>
    </message>
    <message>
        <source>is too big when it is unpacked</source>
        <translation>är för stor när den packas upp</translation>
    </message>
    <message>
        <source>{0} modules need an address, but only {1} addresses from {2} to {3} are free</source>
        <translation>{0} moduler behöver en adress, men bara {1} adresser från {2} till {3} är lediga</translation>
    </message>
    <message>
        <source>a serial number</source>
        <translation>ett serienummer</translation>
    </message>
    <message>
        <source>a meter number</source>
        <translation>ett mätarnummer</translation>
    </message>
    <message>
        <source>a row without a number</source>
        <translation>en rad utan nummer</translation>
    </message>
    <message>
        <source>module {0}</source>
        <translation>modul {0}</translation>
    </message>
    <message>
        <source>meter {0}</source>
        <translation>mätare {0}</translation>
    </message>
    <message>
        <source>module {0} was found in this row, so its serial number cannot be changed</source>
        <translation>modul {0} hittades på den här raden, så serienumret kan inte ändras</translation>
    </message>
    <message>
        <source>a text in the column {0} has at most {1} characters</source>
        <translation>en text i kolumnen {0} har högst {1} tecken</translation>
    </message>
    <message>
        <source>the text {0} contains control characters</source>
        <translation>texten {0} innehåller styrtecken</translation>
    </message>
    <message>
        <source>{0}: passwords are not entered in the list, but when they are written</source>
        <translation>{0}: lösenord skrivs inte in i listan, utan när de skrivs till modulen</translation>
    </message>
    <message>
        <source>{0} belongs to one row only and cannot be filled down</source>
        <translation>{0} hör till en enda rad och kan inte fyllas nedåt</translation>
    </message>
    <message>
        <source>the text has {0} columns, but the list has only {1} from this cell on</source>
        <translation>texten har {0} kolumner, men listan har bara {1} från den här cellen</translation>
    </message>
    <message>
        <source>a site has at most {0} rows</source>
        <translation>en anläggning har högst {0} rader</translation>
    </message>
    <message>
        <source>the column {0} cannot be edited</source>
        <translation>kolumnen {0} kan inte redigeras</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>och {0} till</translation>
    </message>
    <message>
        <source>a secondary address</source>
        <translation>en sekundäradress</translation>
    </message>
    <message>
        <source>{0} was shortened by a spreadsheet; give the column the format Text and enter {1} again</source>
        <translation>{0} har kortats av ett kalkylprogram; ge kolumnen formatet Text och skriv in {1} igen</translation>
    </message>
    <message>
        <source>{0} has 8 digits, not {1}; if zeros in front are missing, give the column the format Text and enter all digits</source>
        <translation>{0} har 8 siffror, inte {1}; om inledande nollor saknas, ge kolumnen formatet Text och skriv in alla siffror</translation>
    </message>
    <message>
        <source>{0}: zeros in front were missing, it is {1}</source>
        <translation>{0}: inledande nollor saknades, numret är {1}</translation>
    </message>
    <message>
        <source>has no line of titles with serial, meter or place; the titles are {0}</source>
        <translation>har ingen rubrikrad med serial, meter eller place; rubrikerna är {0}</translation>
    </message>
    <message>
        <source>the column {0} is for a password; remove it: passwords are not read from files, they are asked for when they are written</source>
        <translation>kolumnen {0} är för ett lösenord; ta bort den: lösenord läses inte från filer, utan efterfrågas när de ska skrivas</translation>
    </message>
    <message>
        <source>has neither a serial number nor a meter number nor a place</source>
        <translation>har varken serienummer, mätarnummer eller plats</translation>
    </message>
    <message>
        <source>place {0}</source>
        <translation>plats {0}</translation>
    </message>
    <message>
        <source>it is the same row of the site as line {0}</source>
        <translation>det är samma rad i anläggningen som rad {0}</translation>
    </message>
    <message>
        <source>{0} is in {1} rows of the site; correct them first</source>
        <translation>{0} finns på {1} rader i anläggningen; rätta dem först</translation>
    </message>
    <message>
        <source>{0} {1} is in line {2} already</source>
        <translation>{0} {1} finns redan på rad {2}</translation>
    </message>
    <message>
        <source>there are two columns for {0}</source>
        <translation>det finns två kolumner för {0}</translation>
    </message>
    <message>
        <source>A write may have been sent, and what came of it is not known: {0}</source>
        <translation>En skrivning kan ha skickats, och vad som blev av den är inte känt: {0}</translation>
    </message>
    <message>
        <source>The modules have different speeds: {0}. A master hears only those at its own.</source>
        <translation>Modulerna har olika hastigheter: {0}. En master hör bara dem som har samma som den.</translation>
    </message>
    <message>
        <source>{0} reports meter {1}, not {2}</source>
        <translation>{0} rapporterar mätare {1}, inte {2}</translation>
    </message>
    <message>
        <source>Another master is talking on this bus. Answers may be lost, and settings may go to a wrong module: disconnect it while you work.</source>
        <translation>En annan master sänder på den här bussen. Svar kan gå förlorade, och inställningar kan hamna i fel modul: koppla bort den medan du arbetar.</translation>
    </message>
    <message>
        <source>Not found yet: {0}</source>
        <translation>Inte hittade än: {0}</translation>
    </message>
    <message>
        <source>{0} modules share address {1}.</source>
        <translation>{0} moduler har samma adress, {1}.</translation>
    </message>
    <message>
        <source>Meter {0} is in two rows: {1} reports it, and {2} waits for its module.</source>
        <translation>Mätare {0} finns på två rader: {1} rapporterar den, och {2} väntar på sin modul.</translation>
    </message>
    <message>
        <source>Meters were exchanged: {0}</source>
        <translation>Mätare har förväxlats: {0}</translation>
    </message>
    <message>
        <source>Found, but the place is not known: {0}</source>
        <translation>Hittade, men platsen är inte känd: {0}</translation>
    </message>
    <message>
        <source>Not found again: {0}</source>
        <translation>Inte återfunna: {0}</translation>
    </message>
    <message>
        <source>After writing, {0} modules would share address {1}: {2}</source>
        <translation>Efter skrivningen skulle {0} moduler ha samma adress, {1}: {2}</translation>
    </message>
    <message>
        <source>Address {0} is wanted, but something that is not in the list answers there.</source>
        <translation>Adress {0} önskas, men något som inte finns i listan svarar där.</translation>
    </message>
    <message>
        <source>{0} rows have module {1}.</source>
        <translation>{0} rader har modul {1}.</translation>
    </message>
    <message>
        <source>{0} rows have meter {1}.</source>
        <translation>{0} rader har mätare {1}.</translation>
    </message>
    <message>
        <source>{0} rows have the place {1}.</source>
        <translation>{0} rader har platsen {1}.</translation>
    </message>
    <message>
        <source>{0}: register {1} has {2}, less than at the last visit ({3}).</source>
        <translation>{0}: register {1} har {2}, mindre än vid förra besöket ({3}).</translation>
    </message>
    <message>
        <source>{0}: {1} changed since the last visit.</source>
        <translation>{0}: {1} har ändrats sedan förra besöket.</translation>
    </message>
    <message>
        <source>{0} at {1} bit/s</source>
        <translation>{0} med {1} bit/s</translation>
    </message>
    <message>
        <source>a rehearsal needs a site with 1 to {0} rows; this one has {1}</source>
        <translation>en övning behöver en anläggning med 1 till {0} rader; den här har {1}</translation>
    </message>
    <message>
        <source>Modules of other makers are not on the practice bus: {0}</source>
        <translation>Moduler av andra fabrikat finns inte på övningsbussen: {0}</translation>
    </message>
    <message>
        <source>the practice bus has only CMi1020 modules, and this site has none</source>
        <translation>övningsbussen har bara CMi1020-moduler, och den här anläggningen har inga</translation>
    </message>
    <message>
        <source>After writing, {0} modules would have the secondary address {1}: {2}</source>
        <translation>Efter skrivningen skulle {0} moduler ha sekundäradressen {1}: {2}</translation>
    </message>
    <message>
        <source>the meter of {0} received a wrong password, which locks it for a while. Correct P1 or P2 before you write to further modules</source>
        <translation>mätaren till {0} fick ett fel lösenord, vilket låser den en stund. Rätta P1 eller P2 innan du skriver till fler moduler</translation>
    </message>
    <message>
        <source>since the write, {0} reports that its meter did not take the rate, perhaps because of a wrong password, which locks a meter for a while. Check P1 and P2 before you write to further modules</source>
        <translation>sedan skrivningen rapporterar {0} att mätaren inte tog tariffen, kanske på grund av ett fel lösenord, vilket låser en mätare en stund. Kontrollera P1 och P2 innan du skriver till fler moduler</translation>
    </message>
    <message>
        <source>{0} does not answer</source>
        <translation>{0} svarar inte</translation>
    </message>
    <message>
        <source>{0} does not answer at any place where it may be</source>
        <translation>{0} svarar inte på någon av de adresser och hastigheter där den kan finnas</translation>
    </message>
    <message>
        <source>two rows have the serial number {0}: {1} and {2}</source>
        <translation>två rader har serienumret {0}: {1} och {2}</translation>
    </message>
    <message>
        <source>the row has the serial number {0}, but module {1} was found for it</source>
        <translation>raden har serienumret {0}, men modul {1} hittades för den</translation>
    </message>
    <message>
        <source>{0} was not found on the bus, and the row has no serial number</source>
        <translation>{0} har inte hittats på bussen, och raden har inget serienummer</translation>
    </message>
    <message>
        <source>address {0} was not written: {1} may still have it</source>
        <translation>adress {0} skrevs inte: {1} kan fortfarande ha den</translation>
    </message>
    <message>
        <source>address {0} was not written: it is wanted for two modules</source>
        <translation>adress {0} skrevs inte: den önskas för två moduler</translation>
    </message>
    <message>
        <source>{0} may have been sent to {1}</source>
        <translation>{0} kan ha sänts till {1}</translation>
    </message>
    <message>
        <source>looking for the module</source>
        <translation>letar efter modulen</translation>
    </message>
    <message>
        <source>{0} was not found</source>
        <translation>{0} hittades inte</translation>
    </message>
    <message>
        <source>reading the module</source>
        <translation>läser modulen</translation>
    </message>
    <message>
        <source>reading the settings back</source>
        <translation>läser tillbaka inställningarna</translation>
    </message>
    <message>
        <source>{0} is {1} on {2}, not {3} as written</source>
        <translation>{0} är {1} på {2}, inte {3} som skrevs</translation>
    </message>
    <message>
        <source>{0} was not entered</source>
        <translation>{0} har inte angetts</translation>
    </message>
    <message>
        <source>writing {0}</source>
        <translation>skriver {0}</translation>
    </message>
    <message>
        <source>line {0} is not of a journal of writes; rename the file, and read the modules again</source>
        <translation>rad {0} hör inte till en skrivjournal; byt namn på filen och läs modulerna igen</translation>
    </message>
    <message>
        <source>it cannot be used: {0}</source>
        <translation>den kan inte användas: {0}</translation>
    </message>
    <message>
        <source>the module did not have it afterwards</source>
        <translation>modulen hade det inte efteråt</translation>
    </message>
    <message>
        <source>the module at meter {0}</source>
        <translation>modulen vid mätare {0}</translation>
    </message>
    <message>
        <source>another slave answers in place of {0}: {1}</source>
        <translation>en annan slav svarar i stället för {0}: {1}</translation>
    </message>
    <message>
        <source>{0} has not been found yet: search the bus first</source>
        <translation>{0} har inte hittats än: sök på bussen först</translation>
    </message>
    <message>
        <source>{0} has no contact with its meter: what it sends are the last values that it knows</source>
        <translation>{0} har ingen kontakt med sin mätare: det den sänder är de senast kända värdena</translation>
    </message>
    <message>
        <source>{0} sends no values of its meter</source>
        <translation>{0} sänder inga mätvärden</translation>
    </message>
    <message>
        <source>{0} sends no identification</source>
        <translation>{0} sänder inget identitetsnummer</translation>
    </message>
    <message>
        <source>{0} answers with damaged bytes: the line may be disturbed, or another module has its number</source>
        <translation>{0} svarar med skadade byte: ledningen kan vara störd, eller så har en annan modul samma nummer</translation>
    </message>
    <message>
        <source>the number of the meter of {0} is not known: read the module first</source>
        <translation>numret på mätaren till {0} är inte känt: läs modulen först</translation>
    </message>
    <message>
        <source>meter {0} was expected at {1}, but meter {2} is there: correct the list first</source>
        <translation>mätare {0} väntades vid {1}, men mätare {2} sitter där: rätta listan först</translation>
    </message>
    <message>
        <source>{0} are not the last four digits of the number of the meter of {1}: nothing was sent</source>
        <translation>{0} är inte de fyra sista siffrorna i numret på mätaren till {1}: inget sändes</translation>
    </message>
    <message>
        <source>{0} now reports meter {1} instead of meter {2}; nothing was sent</source>
        <translation>{0} rapporterar nu mätare {1} i stället för mätare {2}; inget sändes</translation>
    </message>
    <message>
        <source>{0} goes to one module at a time, not to {1}</source>
        <translation>{0} sänds till en modul i taget, inte till {1}</translation>
    </message>
    <message>
        <source>the modules cannot be read: {0}; it is tried again</source>
        <translation>modulerna kan inte läsas: {0}; nytt försök görs</translation>
    </message>
    <message>
        <source>a round takes longer than the interval, so some times are left out</source>
        <translation>en omgång tar längre tid än intervallet, så några tidpunkter utelämnas</translation>
    </message>
    <message>
        <source>{0} is back</source>
        <translation>{0} är tillbaka</translation>
    </message>
    <message>
        <source>{0} is not an interval that divides a day: write it as 15m, 1h or 24h, at least 1m</source>
        <translation>{0} är inget intervall som delar ett dygn jämnt: skriv det som 15m, 1h eller 24h, minst 1m</translation>
    </message>
    <message>
        <source>is not a file of cyclic readings: choose another name</source>
        <translation>är ingen fil med återkommande avläsningar: välj ett annat namn</translation>
    </message>
    <message>
        <source>has a line that is not of cyclic readings: choose another name</source>
        <translation>har en rad som inte hör till återkommande avläsningar: välj ett annat namn</translation>
    </message>
    <message>
        <source>is not a regular file</source>
        <translation>är ingen vanlig fil</translation>
    </message>
    <message>
        <source>not found yet</source>
        <translation>inte hittad än</translation>
    </message>
    <message>
        <source>found</source>
        <translation>hittad</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>svarar inte</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>osäker</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>misslyckades</translation>
    </message>
    <message>
        <source>place</source>
        <translation>plats</translation>
    </message>
    <message>
        <source>meter</source>
        <translation>mätare</translation>
    </message>
    <message>
        <source>module</source>
        <translation>modul</translation>
    </message>
    <message>
        <source>state</source>
        <translation>tillstånd</translation>
    </message>
    <message>
        <source>read at</source>
        <translation>avläst</translation>
    </message>
    <message>
        <source>unit of {0}</source>
        <translation>enhet för {0}</translation>
    </message>
    <message>
        <source>the site has no place {0}; it has {1}</source>
        <translation>anläggningen har ingen plats {0}; den har {1}</translation>
    </message>
    <message>
        <source>the site has no place {0}; none of its modules has a place</source>
        <translation>anläggningen har ingen plats {0}; ingen av dess moduler har en plats</translation>
    </message>
    <message>
        <source>this is not this site&apos;s bus: none of its modules answers; check the port, or open the site of this bus</source>
        <translation>det här är inte anläggningens buss: ingen av dess moduler svarar; kontrollera porten, eller öppna den anläggning som hör till bussen</translation>
    </message>
    <message>
        <source>is in use by another program; close the site there first</source>
        <translation>används av ett annat program; stäng anläggningen där först</translation>
    </message>
    <message>
        <source>cannot be locked in its folder ({0}); copy the site to a folder that can be written</source>
        <translation>kan inte låsas i sin mapp ({0}); kopiera anläggningen till en mapp som går att skriva i</translation>
    </message>
    <message>
        <source>the first request with FCV after SND_NKE or a selection has FCB 1, not 0</source>
        <translation>den första frågan med FCV efter SND_NKE eller ett val har FCB 1, inte 0</translation>
    </message>
    <message>
        <source>FCB was not toggled after a good answer, so the slave sends the same telegram again</source>
        <translation>FCB växlades inte efter ett felfritt svar, så slaven sänder samma telegram igen</translation>
    </message>
    <message>
        <source>FCB was toggled although the request before had no answer, so a telegram may be skipped</source>
        <translation>FCB växlades fast frågan före inte fick svar, så ett telegram kan hoppas över</translation>
    </message>
    <message>
        <source>after a damaged answer the line must be idle for 33 bit times</source>
        <translation>efter ett skadat svar ska ledningen vara tyst i 33 bittider</translation>
    </message>
    <message>
        <source>the master sent while an answer was being sent</source>
        <translation>mastern sände medan ett svar sändes</translation>
    </message>
    <message>
        <source>the master sent its next request before the window for the answer had ended</source>
        <translation>mastern sände nästa fråga innan svarsfönstret var slut</translation>
    </message>
    <message>
        <source>a selected slave was left selected; SND_NKE to address 253 deselects it</source>
        <translation>en vald slav lämnades vald; SND_NKE till adress 253 väljer bort den</translation>
    </message>
    <message>
        <source>the master sent a telegram that is damaged</source>
        <translation>mastern sände ett skadat telegram</translation>
    </message>
    <message>
        <source>characters came with a wrong parity, format or speed</source>
        <translation>tecken kom med fel paritet, format eller hastighet</translation>
    </message>
    <message>
        <source>{0}: {1} bit/s cannot be received, because the meter uses {2} bit/s; if the reading device changes its speed too early, use pty:?baud=any</source>
        <translation>{0}: {1} bit/s kan inte tas emot, för mätaren använder {2} bit/s; om avläsaren byter hastighet för tidigt, använd pty:?baud=any</translation>
    </message>
    <message>
        <source>{0} cannot be the meter&apos;s own port, because a real meter is wired. Connect the reading device to that meter, or wire the simulated one (sim:).</source>
        <translation>{0} kan inte vara mätarens egen port, för en riktig mätare är ansluten. Anslut avläsaren till den mätaren, eller anslut den simulerade (sim:).</translation>
    </message>
    <message>
        <source>answers are lost on this bus: modules that answered only when they were asked again: {0}. Others may be missing: check the cables and the number of modules, and search again</source>
        <translation>svar går förlorade på den här bussen: moduler som svarade först när de tillfrågades igen: {0}. Andra kan saknas: kontrollera kablarna och antalet moduler och sök igen</translation>
    </message>
    <message>
        <source>a text of one line in quotes, at most 200 characters, or a table with text and args</source>
        <translation>en text på en rad inom citattecken, högst 200 tecken, eller en tabell med text och args</translation>
    </message>
    <message>
        <source>a decimal number in quotes, such as &quot;2.5&quot;</source>
        <translation>ett decimaltal inom citattecken, till exempel &quot;2.5&quot;</translation>
    </message>
    <message>
        <source>a list of texts, whole numbers and such tables</source>
        <translation>en lista med texter, heltal och sådana tabeller</translation>
    </message>
</context>
<context>
    <name>FaultSection</name>
    <message>
        <source>Silent</source>
        <translation>Tyst</translation>
    </message>
    <message>
        <source>The meter does not answer; contact is lost after three readouts</source>
        <translation>Mätaren svarar inte; kontakten förloras efter tre avläsningar</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>Långsam</translation>
    </message>
    <message>
        <source>The meter answers {0} s late, which is longer than the standard allows</source>
        <translation>Mätaren svarar {0} s för sent, vilket är mer än standarden tillåter</translation>
    </message>
    <message>
        <source>Bad BCC</source>
        <translation>Fel BCC</translation>
    </message>
    <message>
        <source>The block check character of every readout is wrong</source>
        <translation>Blockkontrolltecknet är fel i varje avläsning</translation>
    </message>
    <message>
        <source>Garbled</source>
        <translation>Förvanskad</translation>
    </message>
    <message>
        <source>Characters arrive damaged</source>
        <translation>Tecken kommer fram skadade</translation>
    </message>
    <message>
        <source>Wrong password</source>
        <translation>Fel lösenord</translation>
    </message>
    <message>
        <source>The meter treats every password as wrong, and then refuses everything for a while</source>
        <translation>Mätaren behandlar varje lösenord som felaktigt och avvisar sedan allt en stund</translation>
    </message>
    <message>
        <source>No meter number</source>
        <translation>Inget mätarnummer</translation>
    </message>
    <message>
        <source>C.1.0 is missing from the readout; the red LED is steady</source>
        <translation>C.1.0 saknas i avläsningen; den röda lysdioden lyser med fast sken</translation>
    </message>
    <message>
        <source>Power failure</source>
        <translation>Strömavbrott</translation>
    </message>
    <message>
        <source>The meter has no supply while this is on; C.7.0 counts the failures</source>
        <translation>Mätaren saknar matning medan detta är på; C.7.0 räknar avbrotten</translation>
    </message>
    <message>
        <source>Terminal cover off</source>
        <translation>Plintlock av</translation>
    </message>
    <message>
        <source>The terminal cover is removed: an alarm in C.5.0, counted in 82.8.1</source>
        <translation>Plintlocket är borttaget: ett larm i C.5.0, räknat i 82.8.1</translation>
    </message>
    <message>
        <source>Faults of the simulated meter</source>
        <translation>Fel i den simulerade mätaren</translation>
    </message>
    <message>
        <source>No voltage on</source>
        <translation>Fas borta</translation>
    </message>
    <message>
        <source>No voltage on phase L{0}</source>
        <translation>Ingen spänning på fas L{0}</translation>
    </message>
    <message>
        <source>Apply magnet</source>
        <translation>Lägg på magnet</translation>
    </message>
    <message>
        <source>Hold a strong magnet to the meter for a moment: an alarm in C.5.0, counted in 82.8.2</source>
        <translation>Håll en stark magnet mot mätaren ett ögonblick: ett larm i C.5.0, räknat i 82.8.2</translation>
    </message>
    <message>
        <source>{0} on</source>
        <translation>{0} på</translation>
    </message>
    <message>
        <source>A real meter is wired. Faults can only be switched on in the simulated meter.</source>
        <translation>En riktig mätare är inkopplad. Fel kan bara slås på i den simulerade mätaren.</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Invalid: {0}</source>
        <translation>Ogiltigt: {0}</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>Cannot be decoded</source>
        <translation>Kan inte avkodas</translation>
    </message>
    <message>
        <source>Single character</source>
        <translation>Enstaka tecken</translation>
    </message>
    <message>
        <source>acknowledge</source>
        <translation>kvittens</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>short frame</source>
        <translation>kort ram</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Byte</translation>
    </message>
    <message>
        <source>Start and length</source>
        <translation>Start och längd</translation>
    </message>
    <message>
        <source>long frame, length {0}</source>
        <translation>lång ram, längd {0}</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Längd</translation>
    </message>
    <message>
        <source>Length, repeated</source>
        <translation>Längd, upprepad</translation>
    </message>
    <message>
        <source>Start, repeated</source>
        <translation>Start, upprepad</translation>
    </message>
    <message>
        <source>CI field</source>
        <translation>CI-fält</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>unknown function</source>
        <translation>okänd funktion</translation>
    </message>
    <message>
        <source>from the master</source>
        <translation>från mastern</translation>
    </message>
    <message>
        <source>from the slave</source>
        <translation>från slaven</translation>
    </message>
    <message>
        <source>C field</source>
        <translation>C-fält</translation>
    </message>
    <message>
        <source>253, the selected slave</source>
        <translation>253, den valda slaven</translation>
    </message>
    <message>
        <source>254, all slaves, all answer</source>
        <translation>254, alla slavar, alla svarar</translation>
    </message>
    <message>
        <source>255, all slaves, none answers</source>
        <translation>255, alla slavar, ingen svarar</translation>
    </message>
    <message>
        <source>A field</source>
        <translation>A-fält</translation>
    </message>
    <message>
        <source>correct</source>
        <translation>rätt</translation>
    </message>
    <message>
        <source>wrong, should be {0}</source>
        <translation>fel, ska vara {0}</translation>
    </message>
    <message>
        <source>Checksum</source>
        <translation>Kontrollsumma</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>more follows in the next telegram</source>
        <translation>mer följer i nästa telegram</translation>
    </message>
    <message>
        <source>manufacturer&apos;s data</source>
        <translation>tillverkarens data</translation>
    </message>
    <message>
        <source>Manufacturer&apos;s data</source>
        <translation>Tillverkarens data</translation>
    </message>
    <message>
        <source>Encrypted data</source>
        <translation>Krypterade data</translation>
    </message>
    <message>
        <source>Not decoded</source>
        <translation>Ej avkodat</translation>
    </message>
    <message>
        <source>Medium and units</source>
        <translation>Medium och enheter</translation>
    </message>
    <message>
        <source>Manufacturer</source>
        <translation>Fabrikat</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Device type</source>
        <translation>Enhetstyp</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Huvud</translation>
    </message>
    <message>
        <source>Identification</source>
        <translation>Identifiering</translation>
    </message>
    <message>
        <source>Access number</source>
        <translation>Åtkomstnummer</translation>
    </message>
    <message>
        <source>no error</source>
        <translation>inget fel</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Application error</source>
        <translation>Applikationsfel</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>Larm</translation>
    </message>
    <message>
        <source>Application reset</source>
        <translation>Applikationsåterställning</translation>
    </message>
    <message>
        <source>any</source>
        <translation>valfri</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Val</translation>
    </message>
    <message>
        <source>plain text</source>
        <translation>klartext</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>repetition requested</source>
        <translation>upprepning begärd</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>kvitterat</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Slut</translation>
    </message>
    <message>
        <source>Start of a request</source>
        <translation>Början på en begäran</translation>
    </message>
    <message>
        <source>Device address</source>
        <translation>Enhetsadress</translation>
    </message>
    <message>
        <source>Speed offered</source>
        <translation>Erbjuden hastighet</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Läge</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Kommando</translation>
    </message>
    <message>
        <source>End of the data</source>
        <translation>Slut på data</translation>
    </message>
    <message>
        <source>Identifier</source>
        <translation>Beteckning</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Värde</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Enhet</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Hemlighet</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>Unknown key “{0}”; to search for a word with a colon, put it in quotes</source>
        <translation>Okänd nyckel ”{0}”; sätt ett ord med kolon inom citattecken för att söka det</translation>
    </message>
    <message>
        <source>“{0}:” needs a value</source>
        <translation>”{0}:” saknar värde</translation>
    </message>
    <message>
        <source>The quote at character {1} is not closed</source>
        <translation>Citattecknet vid tecken {1} är inte avslutat</translation>
    </message>
    <message>
        <source>The minus at character {1} excludes nothing; put it directly before a term</source>
        <translation>Minustecknet vid tecken {1} utesluter inget; sätt det direkt före ett villkor</translation>
    </message>
    <message>
        <source>“{0}” is not a side; use mbus or meter</source>
        <translation>”{0}” är ingen sida; använd mbus eller meter</translation>
    </message>
    <message>
        <source>“{0}” is not a direction; use rx or tx</source>
        <translation>”{0}” är ingen riktning; använd rx eller tx</translation>
    </message>
    <message>
        <source>“{0}” is not an address; use 0 to 255, a range such as 1-9, or none</source>
        <translation>”{0}” är ingen adress; använd 0 till 255, ett intervall som 1-9, eller none</translation>
    </message>
    <message>
        <source>“{0}” is not a type of telegram; an asterisk stands for the rest of a name, as in REQ*</source>
        <translation>”{0}” är ingen telegramtyp; en asterisk står för resten av namnet, som i REQ*</translation>
    </message>
    <message>
        <source>“{0}” is not a byte; use two hex digits, .. for any byte, * for any number of bytes</source>
        <translation>”{0}” är ingen byte; använd två hexsiffror, .. för valfri byte, * för valfritt antal byte</translation>
    </message>
    <message>
        <source>“{0}” is not a time; use 30s, 5m, 2h or 1d before now, or 14:05 today</source>
        <translation>”{0}” är ingen tid; använd 30s, 5m, 2h eller 1d bakåt från nu, eller 14:05 i dag</translation>
    </message>
    <message>
        <source>“{0}” is not a flag; use error, silence, retry, masked or bookmark</source>
        <translation>”{0}” är ingen flagga; använd error, silence, retry, masked eller bookmark</translation>
    </message>
    <message>
        <source>“{0}” is not a time of answers; use &gt; or &lt; with ms, s or bit, as in &gt;50ms</source>
        <translation>”{0}” är ingen svarstid; använd &gt; eller &lt; med ms, s eller bit, som i &gt;50ms</translation>
    </message>
    <message>
        <source>“{0}:” depends on the present time; a colour rule cannot have it</source>
        <translation>”{0}:” beror på den aktuella tiden; en färgregel kan inte ha det</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter: words, bytes, or side:mbus type:RSP_UD addr:5 error</source>
        <translation>Filter: ord, byte, eller side:mbus type:RSP_UD addr:5 error</translation>
    </message>
    <message>
        <source>Filter the traffic</source>
        <translation>Filtrera trafiken</translation>
    </message>
    <message>
        <source>Show only matching telegrams (Ctrl+F); Esc shows all again, F1 explains the filter language</source>
        <translation>Visa bara matchande telegram (Ctrl+F); Esc visar alla igen, F1 förklarar filterspråket</translation>
    </message>
    <message>
        <source>Explain the filter language</source>
        <translation>Förklara filterspråket</translation>
    </message>
    <message>
        <source>Both sides</source>
        <translation>Båda sidor</translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation>M-Bus</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Sida</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Bara fel</translation>
    </message>
    <message>
        <source>Damaged, refused and unanswered telegrams</source>
        <translation>Skadade, avvisade och obesvarade telegram</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>Time of day</source>
        <translation>Klockslag</translation>
    </message>
    <message>
        <source>Since the first row</source>
        <translation>Sedan första raden</translation>
    </message>
    <message>
        <source>Since the selected row</source>
        <translation>Sedan vald rad</translation>
    </message>
    <message>
        <source>The time in the first column; the second shows the time since the previous line</source>
        <translation>Tiden i första kolumnen; den andra visar tiden sedan föregående rad</translation>
    </message>
    <message>
        <source>Progress of the search</source>
        <translation>Sökningens förlopp</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>Bokmärk</translation>
    </message>
    <message>
        <source>Select a telegram to bookmark it</source>
        <translation>Välj ett telegram för att bokmärka det</translation>
    </message>
    <message>
        <source>Bookmark the selected telegram (Ctrl+B), with a note Ctrl+Shift+B; F2 goes to the next bookmark</source>
        <translation>Bokmärk det valda telegrammet (Ctrl+B), med en anteckning Ctrl+Shift+B; F2 går till nästa bokmärke</translation>
    </message>
</context>
<context>
    <name>FilterField</name>
    <message>
        <source>Suggestions</source>
        <translation>Förslag</translation>
    </message>
</context>
<context>
    <name>FilterHelp</name>
    <message>
        <source>The filter language</source>
        <translation>Filterspråket</translation>
    </message>
    <message>
        <source>Filter terms</source>
        <translation>Filtervillkor</translation>
    </message>
    <message>
        <source>Use the example {0}</source>
        <translation>Använd exemplet {0}</translation>
    </message>
    <message>
        <source>both words, in the summary, type or bytes</source>
        <translation>båda orden, i innehåll, typ eller byte</translation>
    </message>
    <message>
        <source>the side: mbus or meter</source>
        <translation>sidan: mbus eller meter</translation>
    </message>
    <message>
        <source>received (rx) or sent (tx) by the module</source>
        <translation>mottaget (rx) eller skickat (tx) av modulen</translation>
    </message>
    <message>
        <source>addresses and ranges; none for telegrams without an address</source>
        <translation>adresser och intervall; none för telegram utan adress</translation>
    </message>
    <message>
        <source>types of telegrams; an asterisk stands for the rest of a name</source>
        <translation>telegramtyper; en asterisk står för resten av namnet</translation>
    </message>
    <message>
        <source>this text, spaces included</source>
        <translation>denna text, även mellanslag</translation>
    </message>
    <message>
        <source>bytes: .. is any byte, * any number of bytes</source>
        <translation>byte: .. är valfri byte, * valfritt antal byte</translation>
    </message>
    <message>
        <source>links whose name contains this</source>
        <translation>länkar vars namn innehåller detta</translation>
    </message>
    <message>
        <source>a time before now (ms, s, m, h, d), or a time of today such as 14:05</source>
        <translation>en tid bakåt från nu (ms, s, m, h, d), eller ett klockslag i dag som 14:05</translation>
    </message>
    <message>
        <source>damaged, refused or unanswered telegrams; also silence, retry, masked</source>
        <translation>skadade, avvisade eller obesvarade telegram; även silence, retry, masked</translation>
    </message>
    <message>
        <source>everything except this</source>
        <translation>allt utom detta</translation>
    </message>
    <message>
        <source>answers that began later than this; &lt; for sooner; in ms, s or bit times (bit)</source>
        <translation>svar som började senare än så; &lt; för tidigare; i ms, s eller bittider (bit)</translation>
    </message>
    <message>
        <source>Separate terms by spaces; a telegram must match all of them. If a key is repeated, or has several values with commas between them, one match is enough. A minus in front excludes. Quotes allow spaces in a value and make error, silence, retry, masked and bookmark ordinary words.</source>
        <translation>Skilj villkoren åt med blanksteg; ett telegram måste uppfylla alla. Upprepas en nyckel, eller har den flera värden med komma emellan, räcker det att ett stämmer. Ett minus framför utesluter. Citattecken tillåter blanksteg i ett värde och gör error, silence, retry, masked och bookmark till vanliga ord.</translation>
    </message>
    <message>
        <source>telegrams with a bookmark, and with a note that has this text</source>
        <translation>telegram med ett bokmärke, och med en anteckning som har denna text</translation>
    </message>
</context>
<context>
    <name>HeaderBar</name>
    <message>
        <source>Recording</source>
        <translation>Inspelning</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Mål</translation>
    </message>
    <message>
        <source>Bus</source>
        <translation>Buss</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Copy the address to connect to</source>
        <translation>Kopiera adressen att ansluta till</translation>
    </message>
    <message>
        <source>Masters connect through this port, so there is no address to copy</source>
        <translation>Mastrar ansluter genom den här porten, så det finns ingen adress att kopiera</translation>
    </message>
    <message>
        <source>No traffic is being recorded; Record on the page Traffic starts it</source>
        <translation>Ingen trafik spelas in; Spela in på sidan Trafik startar inspelningen</translation>
    </message>
    <message>
        <source>Recording traffic to {0}</source>
        <translation>Spelar in trafik till {0}</translation>
    </message>
    <message>
        <source>The time of the module and its meter passes {0} times as fast</source>
        <translation>Tiden för modulen och dess mätare går {0} gånger så fort</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>User guide</source>
        <translation>Användarhandbok</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>Sök i handboken</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Sök (Ctrl+F)</translation>
    </message>
    <message>
        <source>Previous match (Shift+F3)</source>
        <translation>Föregående träff (Shift+F3)</translation>
    </message>
    <message>
        <source>Next match (F3)</source>
        <translation>Nästa träff (F3)</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Innehåll</translation>
    </message>
    <message>
        <source>Text of the guide</source>
        <translation>Handbokens text</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} av {1}</translation>
    </message>
    <message>
        <source>No matches</source>
        <translation>Inga träffar</translation>
    </message>
</context>
<context>
    <name>HistorySection</name>
    <message>
        <source>History of readings</source>
        <translation>Avläsningshistorik</translation>
    </message>
    <message>
        <source>Keep readings for</source>
        <translation>Behåll avläsningar i</translation>
    </message>
    <message>
        <source>Delete history...</source>
        <translation>Radera historik...</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>tomt</translation>
    </message>
    <message>
        <source>{0}, since {1}</source>
        <translation>{0}, sedan {1}</translation>
    </message>
    <message>
        <source>In memory only: deleted when the program ends</source>
        <translation>Bara i minnet: raderas när programmet avslutas</translation>
    </message>
    <message>
        <source>Stored in {0}</source>
        <translation>Sparas i {0}</translation>
    </message>
    <message>
        <source>There is nothing to delete</source>
        <translation>Det finns inget att radera</translation>
    </message>
    <message>
        <source>{0} years</source>
        <translation>{0} år</translation>
    </message>
    <message>
        <source>{0} days</source>
        <translation>{0} dagar</translation>
    </message>
    <message>
        <source>Delete old readings</source>
        <translation>Radera gamla avläsningar</translation>
    </message>
    <message>
        <source>The readings and notes of all modules from before {0} will be deleted. This cannot be undone.</source>
        <translation>Avläsningar och anteckningar före {0} raderas för alla moduler. Det kan inte ångras.</translation>
    </message>
    <message>
        <source>Delete history</source>
        <translation>Radera historik</translation>
    </message>
    <message>
        <source>All readings and notes of all modules will be deleted, including those on screen. This cannot be undone.</source>
        <translation>Alla avläsningar och anteckningar för alla moduler raderas, även de på skärmen. Det kan inte ångras.</translation>
    </message>
</context>
<context>
    <name>LabelEntry</name>
    <message>
        <source>Number on the label</source>
        <translation>Numret på etiketten</translation>
    </message>
    <message>
        <source>Scan a label</source>
        <translation>Skanna en etikett</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Flat or room</source>
        <translation>Lägenhet eller rum</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>För in</translation>
    </message>
    <message>
        <source>The number on a label has {0} digits</source>
        <translation>Numret på en etikett har {0} siffror</translation>
    </message>
    <message>
        <source>{0}: is this the number of a module or of a meter?</source>
        <translation>{0}: är det numret på en modul eller på en mätare?</translation>
    </message>
    <message>
        <source>Module {0} is in several rows; correct them in the list</source>
        <translation>Modul {0} finns på flera rader; rätta dem i listan</translation>
    </message>
    <message>
        <source>Meter {0} is in several rows; correct them in the list</source>
        <translation>Mätare {0} finns på flera rader; rätta dem i listan</translation>
    </message>
    <message>
        <source>{0}, new</source>
        <translation>{0}, ny</translation>
    </message>
    <message>
        <source>{0}: not looked for, because the master port is not connected</source>
        <translation>{0}: söks inte, eftersom masterporten inte är ansluten</translation>
    </message>
    <message>
        <source>{0}: not looked for, because the bus is in use</source>
        <translation>{0}: söks inte, eftersom bussen används</translation>
    </message>
    <message>
        <source>{0}: being looked for</source>
        <translation>{0}: söks</translation>
    </message>
    <message>
        <source>Module {0}: found on the bus</source>
        <translation>Modul {0}: hittad på bussen</translation>
    </message>
    <message>
        <source>Module {0} does not answer</source>
        <translation>Modul {0} svarar inte</translation>
    </message>
    <message>
        <source>The site has as many rows as it can have</source>
        <translation>Anläggningen har så många rader som den kan ha</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Etikett</translation>
    </message>
    <message>
        <source>{0}: entered</source>
        <translation>{0}: införd</translation>
    </message>
    <message>
        <source>Module {0}: {1}</source>
        <translation>Modul {0}: {1}</translation>
    </message>
</context>
<context>
    <name>Lamp</name>
    <message>
        <source>{0}: on</source>
        <translation>{0}: på</translation>
    </message>
    <message>
        <source>{0}: off</source>
        <translation>{0}: av</translation>
    </message>
</context>
<context>
    <name>LatestModel</name>
    <message>
        <source>Side</source>
        <translation>Sida</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Riktning</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adress</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Antal</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Senaste</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>Intervall</translation>
    </message>
    <message>
        <source>Bytes, changes marked</source>
        <translation>Byte, ändringar markerade</translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation>M-Bus</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>error</source>
        <translation>fel</translation>
    </message>
    <message>
        <source>changed bytes: {0}</source>
        <translation>ändrade byte: {0}</translation>
    </message>
</context>
<context>
    <name>LineOptions</name>
    <message>
        <source>Tries 2400 and 300 bit/s until a telegram can be read</source>
        <translation>Provar 2400 och 300 bit/s tills ett telegram kan läsas</translation>
    </message>
    <message>
        <source>Some optical heads and level converters are powered by them</source>
        <translation>En del läshuvuden och nivåomvandlare matas av dem</translation>
    </message>
    <message>
        <source>Send characters at the pace of a serial line</source>
        <translation>Skicka tecken i samma takt som på en ledning</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>RTS</source>
        <translation>RTS</translation>
    </message>
    <message>
        <source>DTR</source>
        <translation>DTR</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>Eko</translation>
    </message>
    <message>
        <source>{0} bit/s</source>
        <translation>{0} bit/s</translation>
    </message>
    <message>
        <source>Automatic (for a test bench)</source>
        <translation>Automatisk (för provbänk)</translation>
    </message>
    <message>
        <source>Standard ({0})</source>
        <translation>Standard ({0})</translation>
    </message>
    <message>
        <source>Default of the port (on)</source>
        <translation>Portens standardvärde (på)</translation>
    </message>
    <message>
        <source>Always on</source>
        <translation>Alltid på</translation>
    </message>
    <message>
        <source>Always off</source>
        <translation>Alltid av</translation>
    </message>
    <message>
        <source>Detected and removed automatically</source>
        <translation>Upptäcks och tas bort automatiskt</translation>
    </message>
    <message>
        <source>Always removed</source>
        <translation>Tas alltid bort</translation>
    </message>
    <message>
        <source>Not removed</source>
        <translation>Tas inte bort</translation>
    </message>
    <message>
        <source>7 bits, parity</source>
        <translation>7 bitar, paritet</translation>
    </message>
    <message>
        <source>By the program, always</source>
        <translation>Av programmet, alltid</translation>
    </message>
    <message>
        <source>By the program; for a URL, by the port</source>
        <translation>Av programmet; för en URL av porten</translation>
    </message>
    <message>
        <source>By the port, always</source>
        <translation>Av porten, alltid</translation>
    </message>
    <message>
        <source>As the gateway transfers them</source>
        <translation>Som gatewayen överför dem</translation>
    </message>
    <message>
        <source>Highest speed</source>
        <translation>Högsta hastighet</translation>
    </message>
    <message>
        <source>Extra waiting time</source>
        <translation>Extra väntetid</translation>
    </message>
    <message>
        <source>As offered by the meter</source>
        <translation>Som mätaren erbjuder</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ingen</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>The speed of the other side</source>
        <translation>Andra sidans hastighet</translation>
    </message>
    <message>
        <source>Learned from the answers</source>
        <translation>Lärs in av svaren</translation>
    </message>
    <message>
        <source>As set in the module</source>
        <translation>Som inställt i modulen</translation>
    </message>
    <message>
        <source>Standard (300 for sign-on)</source>
        <translation>Standard (300 vid uppkoppling)</translation>
    </message>
    <message>
        <source>As agreed by meter and reader</source>
        <translation>Som mätare och läsare kommer överens</translation>
    </message>
    <message>
        <source>automatic speed</source>
        <translation>automatisk hastighet</translation>
    </message>
    <message>
        <source>any speed</source>
        <translation>valfri hastighet</translation>
    </message>
    <message>
        <source>RTS on</source>
        <translation>RTS på</translation>
    </message>
    <message>
        <source>RTS off</source>
        <translation>RTS av</translation>
    </message>
    <message>
        <source>DTR on</source>
        <translation>DTR på</translation>
    </message>
    <message>
        <source>DTR off</source>
        <translation>DTR av</translation>
    </message>
    <message>
        <source>echo removed</source>
        <translation>ekot tas bort</translation>
    </message>
    <message>
        <source>echo not removed</source>
        <translation>ekot tas inte bort</translation>
    </message>
    <message>
        <source>echo detected</source>
        <translation>ekot upptäcks</translation>
    </message>
    <message>
        <source>7 bits by the port</source>
        <translation>7 bitar av porten</translation>
    </message>
    <message>
        <source>7 bits by the program</source>
        <translation>7 bitar av programmet</translation>
    </message>
    <message>
        <source>at most {0}</source>
        <translation>högst {0}</translation>
    </message>
    <message>
        <source>waits {0} longer</source>
        <translation>väntar {0} längre</translation>
    </message>
    <message>
        <source>paced</source>
        <translation>taktad</translation>
    </message>
</context>
<context>
    <name>LinkCard</name>
    <message>
        <source>Test</source>
        <translation>Testa</translation>
    </message>
    <message>
        <source>Connect anyway</source>
        <translation>Anslut ändå</translation>
    </message>
    <message>
        <source>The link opens automatically as soon as possible</source>
        <translation>Länken öppnas automatiskt så snart det går</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Förkasta</translation>
    </message>
    <message>
        <source>Go back to the present wiring</source>
        <translation>Gå tillbaka till den nuvarande inkopplingen</translation>
    </message>
    <message>
        <source>A link is being tested</source>
        <translation>En länk testas</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>Stops the test; nothing is changed</source>
        <translation>Avbryter testet; inget ändras</translation>
    </message>
    <message>
        <source>There are no changes</source>
        <translation>Det finns inga ändringar</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>Testing {0} ...</source>
        <translation>Testar {0} ...</translation>
    </message>
    <message>
        <source>The wiring could not be saved for the next start: {0}</source>
        <translation>Inkopplingen kunde inte sparas till nästa start: {0}</translation>
    </message>
    <message>
        <source>This program already has it open, so it can only be tested by connecting it</source>
        <translation>Detta program har den redan öppen, så den kan bara testas genom att anslutas</translation>
    </message>
</context>
<context>
    <name>LinkDraft</name>
    <message>
        <source>Choose a port from the list, or type its name</source>
        <translation>Välj en port i listan, eller skriv dess namn</translation>
    </message>
    <message>
        <source>Windows has no pseudo-terminals. Use TCP, or one of a pair of virtual serial ports (com0com).</source>
        <translation>Windows har inga pseudoterminaler. Använd TCP, eller en av ett par virtuella seriella portar (com0com).</translation>
    </message>
    <message>
        <source>Type the name or address of the gateway</source>
        <translation>Skriv gatewayens namn eller adress</translation>
    </message>
    <message>
        <source>This is not a valid host name or address</source>
        <translation>Detta är inte ett giltigt värdnamn eller en giltig adress</translation>
    </message>
    <message>
        <source>The port must be a number from {0} to {1}</source>
        <translation>Porten måste vara ett tal från {0} till {1}</translation>
    </message>
</context>
<context>
    <name>LinkForm</name>
    <message>
        <source>Simulated</source>
        <translation>Simulerad</translation>
    </message>
    <message>
        <source>Serial port</source>
        <translation>Seriell port</translation>
    </message>
    <message>
        <source>TCP</source>
        <translation>TCP</translation>
    </message>
    <message>
        <source>Pseudo-terminal</source>
        <translation>Pseudoterminal</translation>
    </message>
    <message>
        <source>{0}: kind</source>
        <translation>{0}: typ</translation>
    </message>
    <message>
        <source>Local address</source>
        <translation>Lokal adress</translation>
    </message>
    <message>
        <source>Name or address</source>
        <translation>Namn eller adress</translation>
    </message>
    <message>
        <source>of the gateway</source>
        <translation>till gatewayen</translation>
    </message>
    <message>
        <source>TCP port</source>
        <translation>TCP-port</translation>
    </message>
    <message>
        <source>Symbolic link</source>
        <translation>Symbolisk länk</translation>
    </message>
    <message>
        <source>optional; a second name for the terminal</source>
        <translation>valfri; ett andra namn på terminalen</translation>
    </message>
    <message>
        <source>Another program opens the pseudo-terminal like a serial port.</source>
        <translation>Ett annat program öppnar pseudoterminalen som en seriell port.</translation>
    </message>
    <message>
        <source>The program that acts as the meter opens the pseudo-terminal like a serial port.</source>
        <translation>Programmet som uppträder som mätare öppnar pseudoterminalen som en seriell port.</translation>
    </message>
    <message>
        <source>Speed and format</source>
        <translation>Hastighet och format</translation>
    </message>
    <message>
        <source>COM3, /dev/ttyUSB0, rfc2217://HOST:PORT, ...</source>
        <translation>COM3, /dev/ttyUSB0, rfc2217://HOST:PORT, ...</translation>
    </message>
    <message>
        <source>Choose from the list, or type a port name or a pyserial URL</source>
        <translation>Välj i listan, eller skriv ett portnamn eller en pyserial-URL</translation>
    </message>
    <message>
        <source>The program receives what another program writes to the pseudo-terminal.</source>
        <translation>Programmet tar emot det som ett annat program skriver till pseudoterminalen.</translation>
    </message>
    <message>
        <source>Other computers can reach the module here. M-Bus has no passwords: anyone who can connect can read and control the module. Use 127.0.0.1 to limit access to this computer.</source>
        <translation>Andra datorer kan nå modulen här. M-Bus har inga lösenord: den som kan ansluta kan läsa av och styra modulen. Använd 127.0.0.1 för att begränsa åtkomsten till denna dator.</translation>
    </message>
</context>
<context>
    <name>LinkListCard</name>
    <message>
        <source>Remove</source>
        <translation>Ta bort</translation>
    </message>
    <message>
        <source>Close this link and remove it</source>
        <translation>Stäng länken och ta bort den</translation>
    </message>
    <message>
        <source>New link</source>
        <translation>Ny länk</translation>
    </message>
</context>
<context>
    <name>LinkStateView</name>
    <message>
        <source>{0}: LINK</source>
        <translation>{0}: LINK</translation>
    </message>
    <message>
        <source>Reconnect now</source>
        <translation>Anslut igen nu</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Koppla från</translation>
    </message>
    <message>
        <source>Close this link so that other programs can use its port</source>
        <translation>Stäng länken så att andra program kan använda dess port</translation>
    </message>
    <message>
        <source>LINK</source>
        <translation>LINK</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Anslut</translation>
    </message>
    <message>
        <source>The link is being opened</source>
        <translation>Länken öppnas</translation>
    </message>
    <message>
        <source>Try to open it now, without waiting</source>
        <translation>Försök öppna den nu, utan att vänta</translation>
    </message>
</context>
<context>
    <name>Links</name>
    <message>
        <source>inside this program</source>
        <translation>i detta program</translation>
    </message>
    <message>
        <source>New pseudo-terminal</source>
        <translation>Ny pseudoterminal</translation>
    </message>
    <message>
        <source>{0} bytes received</source>
        <translation>{0} byte mottagna</translation>
    </message>
    <message>
        <source>{0} bytes in, {1} bytes out</source>
        <translation>{0} byte in, {1} byte ut</translation>
    </message>
    <message>
        <source>{0} bit/s, detected</source>
        <translation>{0} bit/s, upptäckt</translation>
    </message>
    <message>
        <source>detecting the speed, now at {0} bit/s</source>
        <translation>söker hastigheten, nu med {0} bit/s</translation>
    </message>
    <message>
        <source>{0} bit/s</source>
        <translation>{0} bit/s</translation>
    </message>
    <message>
        <source>echo removed</source>
        <translation>ekot tas bort</translation>
    </message>
    <message>
        <source>{0} answers</source>
        <translation>{0} svar</translation>
    </message>
    <message>
        <source>Withheld because they would have been too late: {0} of {1} answers. See Diagnostics for remedies.</source>
        <translation>Inte sända, eftersom de skulle ha kommit för sent: {0} av {1} svar. Se Felsökning för åtgärder.</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Lyssnar</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öppen</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>Öppnas</translation>
    </message>
    <message>
        <source>Not open, trying again</source>
        <translation>Inte öppen, försöker igen</translation>
    </message>
    <message>
        <source>Cannot be opened</source>
        <translation>Kan inte öppnas</translation>
    </message>
    <message>
        <source>Disconnected</source>
        <translation>Frånkopplad</translation>
    </message>
    <message>
        <source>Other programs can use the port until you connect the link</source>
        <translation>Andra program kan använda porten tills du ansluter länken</translation>
    </message>
    <message>
        <source>Not open yet</source>
        <translation>Inte öppen ännu</translation>
    </message>
    <message>
        <source>Unplugged, waiting for it</source>
        <translation>Urdragen, väntar på den</translation>
    </message>
    <message>
        <source>Not found, waiting for it</source>
        <translation>Finns inte, väntar på den</translation>
    </message>
    <message>
        <source>In use, trying again</source>
        <translation>Används, försöker igen</translation>
    </message>
    <message>
        <source>Not allowed, trying again</source>
        <translation>Inte tillåtet, försöker igen</translation>
    </message>
    <message>
        <source>No external link</source>
        <translation>Ingen extern länk</translation>
    </message>
    <message>
        <source>Only this program can reach the module</source>
        <translation>Bara detta program kan nå modulen</translation>
    </message>
    <message>
        <source>Open, but the module has no power</source>
        <translation>Öppen, men modulen är spänningslös</translation>
    </message>
    <message>
        <source>Masters can connect</source>
        <translation>Mastrar kan ansluta</translation>
    </message>
    <message>
        <source>The meter answers</source>
        <translation>Mätaren svarar</translation>
    </message>
    <message>
        <source>Not read: the module has no power</source>
        <translation>Avläses inte: modulen är spänningslös</translation>
    </message>
    <message>
        <source>The meter does not answer</source>
        <translation>Mätaren svarar inte</translation>
    </message>
    <message>
        <source>First readout</source>
        <translation>Första avläsningen</translation>
    </message>
    <message>
        <source>The link cannot be opened</source>
        <translation>Länken kan inte öppnas</translation>
    </message>
    <message>
        <source>The link can be opened</source>
        <translation>Länken kan öppnas</translation>
    </message>
    <message>
        <source>{0} bytes were received, but no M-Bus telegram. Check speed and format.</source>
        <translation>{0} byte togs emot, men inget M-Bus-telegram. Kontrollera hastighet och format.</translation>
    </message>
    <message>
        <source>A meter answers</source>
        <translation>En mätare svarar</translation>
    </message>
    <message>
        <source>No meter answers</source>
        <translation>Ingen mätare svarar</translation>
    </message>
    <message>
        <source>Nothing was received during the test. The master may not be active yet.</source>
        <translation>Inget togs emot under testet. Mastern är kanske inte aktiv ännu.</translation>
    </message>
    <message>
        <source>The link is available</source>
        <translation>Länken är ledig</translation>
    </message>
    <message>
        <source>Masters can connect to {0} once the link is open.</source>
        <translation>Mastrar kan ansluta till {0} när länken är öppen.</translation>
    </message>
    <message>
        <source>M-Bus telegrams received: {0}.</source>
        <translation>Mottagna M-Bus-telegram: {0}.</translation>
    </message>
    <message>
        <source>{0} bytes were received.</source>
        <translation>{0} byte togs emot.</translation>
    </message>
    <message>
        <source>Nothing was received during the test.</source>
        <translation>Inget togs emot under testet.</translation>
    </message>
    <message>
        <source>The link opens, but a sign-on at 300 bit/s gets no answer. Check that the optical head is on the meter and that the meter has power.</source>
        <translation>Länken öppnas, men en uppkoppling med 300 bit/s får inget svar. Kontrollera att läshuvudet sitter på mätaren och att mätaren har spänning.</translation>
    </message>
    <message>
        <source>The link was lost before an answer arrived: {0}.</source>
        <translation>Länken bröts innan ett svar kom: {0}.</translation>
    </message>
    <message>
        <source>{0} bytes were received, but no identification of a meter ({1}). The device may not be a meter, or it may use another format.</source>
        <translation>{0} byte togs emot, men ingen identifiering från en mätare ({1}). Enheten kanske inte är en mätare, eller använder ett annat format.</translation>
    </message>
    <message>
        <source>A device answers, but not like a meter: {0}.</source>
        <translation>En enhet svarar, men inte som en mätare: {0}.</translation>
    </message>
    <message>
        <source>Masters reach the practice bus</source>
        <translation>Mastrar når övningsbussen</translation>
    </message>
</context>
<context>
    <name>ListenCard</name>
    <message>
        <source>Listen only</source>
        <translation>Bara lyssna</translation>
    </message>
    <message>
        <source>Records and decodes the traffic on a wire. Nothing is ever sent there.</source>
        <translation>Spelar in och avkodar trafiken på en ledning. Inget skickas någonsin där.</translation>
    </message>
    <message>
        <source>Listen on a port</source>
        <translation>Lyssna på en port</translation>
    </message>
    <message>
        <source>A tap on a bus, or an optical head beside the one that reads the meter</source>
        <translation>Ett uttag på en buss, eller ett optiskt läshuvud bredvid det som läser av mätaren</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Mottaget</translation>
    </message>
    <message>
        <source>M-Bus telegrams</source>
        <translation>M-Bus-telegram</translation>
    </message>
    <message>
        <source>Meter messages</source>
        <translation>Mätarmeddelanden</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Start listening</source>
        <translation>Börja lyssna</translation>
    </message>
    <message>
        <source>Opens the port and waits {0} s for traffic</source>
        <translation>Öppnar porten och väntar {0} s på trafik</translation>
    </message>
</context>
<context>
    <name>Listener</name>
    <message>
        <source>and {0} more slaves</source>
        <translation>och {0} slavar till</translation>
    </message>
    <message>
        <source>No slave has answered yet</source>
        <translation>Ingen slav har svarat ännu</translation>
    </message>
    <message>
        <source>Address {0}; answers: {1}</source>
        <translation>Adress {0}; svar: {1}</translation>
    </message>
    <message>
        <source>Address {0}: {1}; answers: {2}</source>
        <translation>Adress {0}: {1}; svar: {2}</translation>
    </message>
    <message>
        <source>No complete readout yet</source>
        <translation>Ingen fullständig avläsning ännu</translation>
    </message>
    <message>
        <source>A readout of {0} lines at {1}</source>
        <translation>En avläsning på {0} rader kl. {1}</translation>
    </message>
    <message>
        <source>{0}: {1} lines at {2}</source>
        <translation>{0}: {1} rader kl. {2}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>The saved state of the window was damaged, so the defaults are used. The damaged file is now {0}</source>
        <translation>Fönstrets sparade inställningar var skadade, så standardvärdena används. Den skadade filen är nu {0}</translation>
    </message>
    <message>
        <source>Built-in module</source>
        <translation>Inbyggd modul</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>Avläsningar</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>Trafik</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Anläggning</translation>
    </message>
    <message>
        <source>Wiring</source>
        <translation>Inkoppling</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Felsökning</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hjälp</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Inställningar</translation>
    </message>
    <message>
        <source>{0}: {1} - cmi_gui</source>
        <translation>{0}: {1} - cmi_gui</translation>
    </message>
    <message>
        <source>Something went wrong: {0}: {1}</source>
        <translation>Något gick fel: {0}: {1}</translation>
    </message>
    <message>
        <source>Unwritten changes on the page Configuration: {0}. They are lost if you close the window.</source>
        <translation>Oskrivna ändringar på sidan Konfiguration: {0}. De går förlorade om du stänger fönstret.</translation>
    </message>
    <message>
        <source>Close the window?</source>
        <translation>Stänga fönstret?</translation>
    </message>
    <message>
        <source>Close the window without writing</source>
        <translation>Stäng fönstret utan att skriva</translation>
    </message>
    <message>
        <source>inside this program</source>
        <translation>i detta program</translation>
    </message>
    <message>
        <source>Built-in module {0}</source>
        <translation>Inbyggd modul {0}</translation>
    </message>
    <message>
        <source>The profile chosen in the settings is not used: {0}</source>
        <translation>Profilen som valts i inställningarna används inte: {0}</translation>
    </message>
    <message>
        <source>SITE</source>
        <translation>ANLÄGGNING</translation>
    </message>
    <message>
        <source>MODULE</source>
        <translation>MODUL</translation>
    </message>
    <message>
        <source>WIRE</source>
        <translation>LEDNING</translation>
    </message>
    <message>
        <source>BUILT-IN</source>
        <translation>INBYGGT</translation>
    </message>
    <message>
        <source>Only {0} is opened, because one file is opened at a time; other files dropped: {1}</source>
        <translation>Bara {0} öppnas, eftersom en fil öppnas i taget; andra filer som släpptes: {1}</translation>
    </message>
</context>
<context>
    <name>Mark</name>
    <message>
        <source>unknown</source>
        <translation>okänt</translation>
    </message>
    <message>
        <source>nothing to report</source>
        <translation>inget att anmärka</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>inspelning pågår</translation>
    </message>
    <message>
        <source>in order</source>
        <translation>i ordning</translation>
    </message>
    <message>
        <source>not active</source>
        <translation>inte aktiv</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>pågår</translation>
    </message>
    <message>
        <source>trouble</source>
        <translation>fel</translation>
    </message>
</context>
<context>
    <name>MessageHistory</name>
    <message>
        <source>All</source>
        <translation>Alla</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Resultat</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Fel</translation>
    </message>
    <message>
        <source>Messages to show</source>
        <translation>Meddelanden att visa</translation>
    </message>
    <message>
        <source>Search the messages</source>
        <translation>Sök bland meddelandena</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Sök</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopiera</translation>
    </message>
    <message>
        <source>Copy the selected messages, or all shown if none is selected (Ctrl+C)</source>
        <translation>Kopiera de valda meddelandena, eller alla som visas om inget är valt (Ctrl+C)</translation>
    </message>
    <message>
        <source>Messages copied to the clipboard</source>
        <translation>Meddelandena kopierade till urklipp</translation>
    </message>
</context>
<context>
    <name>MessageList</name>
    <message>
        <source>Last events: none</source>
        <translation>Senaste händelser: inga</translation>
    </message>
    <message>
        <source>Last events: {0}</source>
        <translation>Senaste händelser: {0}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>inga</translation>
    </message>
    <message>
        <source>No events yet</source>
        <translation>Inga händelser ännu</translation>
    </message>
</context>
<context>
    <name>MessageStrip</name>
    <message>
        <source>Starting</source>
        <translation>Startar</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Visa</translation>
    </message>
    <message>
        <source>Show the page with more about this message</source>
        <translation>Visa sidan med mer om detta meddelande</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historik</translation>
    </message>
    <message>
        <source>Dismiss this message</source>
        <translation>Ta bort det här meddelandet</translation>
    </message>
</context>
<context>
    <name>MeterCard</name>
    <message>
        <source>Meter side</source>
        <translation>Mätarsidan</translation>
    </message>
    <message>
        <source>The meter that the module reads, through its optical interface.</source>
        <translation>Mätaren som modulen läser av, genom dess optiska gränssnitt.</translation>
    </message>
    <message>
        <source>A complete E350 inside this program. You can switch on faults on the page Built-in module.</source>
        <translation>En komplett E350 i detta program. Du kan slå på fel på sidan Inbyggd modul.</translation>
    </message>
    <message>
        <source>Variant of the simulated meter</source>
        <translation>Den simulerade mätarens variant</translation>
    </message>
    <message>
        <source>{0}: {1} phases, {2} rates, {3} lines</source>
        <translation>{0}: {1} faser, {2} tariffer, {3} rader</translation>
    </message>
    <message>
        <source>{0}: {1} phase, {2} rates, {3} lines</source>
        <translation>{0}: {1} fas, {2} tariffer, {3} rader</translation>
    </message>
    <message>
        <source>Has a disconnector</source>
        <translation>Har brytare</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>Variant</translation>
    </message>
    <message>
        <source>Connect the meter side</source>
        <translation>Anslut mätarsidan</translation>
    </message>
    <message>
        <source>Not read: the module has no power</source>
        <translation>Avläses inte: modulen är spänningslös</translation>
    </message>
    <message>
        <source>Not read: reading is paused</source>
        <translation>Avläses inte: avläsningen är pausad</translation>
    </message>
    <message>
        <source>Reading the meter</source>
        <translation>Läser av mätaren</translation>
    </message>
    <message>
        <source>The simulated meter needs no test</source>
        <translation>Den simulerade mätaren behöver inget test</translation>
    </message>
    <message>
        <source>Reads the meter once, now</source>
        <translation>Läser av mätaren en gång, nu</translation>
    </message>
    <message>
        <source>Requests the identification of the meter, as the module does; nothing is changed</source>
        <translation>Begär mätarens identifiering, som modulen gör; inget ändras</translation>
    </message>
    <message>
        <source>{0}, {1} lines in {2}</source>
        <translation>{0}, {1} rader på {2}</translation>
    </message>
    <message>
        <source>The meter answers</source>
        <translation>Mätaren svarar</translation>
    </message>
    <message>
        <source>No readout</source>
        <translation>Ingen avläsning</translation>
    </message>
    <message>
        <source>Readout list: {0}</source>
        <translation>Avläsningslista: {0}</translation>
    </message>
</context>
<context>
    <name>MeterDisplay</name>
    <message>
        <source>dark</source>
        <translation>släckt</translation>
    </message>
    <message>
        <source>blank</source>
        <translation>tom</translation>
    </message>
    <message>
        <source>text {0}</source>
        <translation>text {0}</translation>
    </message>
    <message>
        <source>rate {0}</source>
        <translation>tariff {0}</translation>
    </message>
    <message>
        <source>disconnector closed</source>
        <translation>brytare sluten</translation>
    </message>
    <message>
        <source>disconnector open</source>
        <translation>brytare öppen</translation>
    </message>
    <message>
        <source>Meter display: {0}</source>
        <translation>Mätardisplay: {0}</translation>
    </message>
</context>
<context>
    <name>ModuleCell</name>
    <message>
        <source>{0} in the module: {1}</source>
        <translation>{0} i modulen: {1}</translation>
    </message>
</context>
<context>
    <name>ModuleChooser</name>
    <message>
        <source>Module shown on this page</source>
        <translation>Modul som visas på den här sidan</translation>
    </message>
    <message>
        <source>Built-in module</source>
        <translation>Inbyggd modul</translation>
    </message>
    <message>
        <source>{0}, address {1}, {2}</source>
        <translation>{0}, adress {1}, {2}</translation>
    </message>
</context>
<context>
    <name>ModulePage</name>
    <message>
        <source>The button was not pressed: the disconnector or the meter has changed in the meantime</source>
        <translation>Knappen trycktes inte in: brytaren eller mätaren har ändrats under tiden</translation>
    </message>
    <message>
        <source>active</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>low</source>
        <translation>låg</translation>
    </message>
    <message>
        <source>counts as powered</source>
        <translation>räknas som matad</translation>
    </message>
    <message>
        <source>{0}, too low</source>
        <translation>{0}, för låg</translation>
    </message>
</context>
<context>
    <name>ModulePanel</name>
    <message>
        <source>Now</source>
        <translation>Nu</translation>
    </message>
    <message>
        <source>Read the meter now</source>
        <translation>Läs av mätaren nu</translation>
    </message>
    <message>
        <source>Pause reading</source>
        <translation>Pausa avläsning</translation>
    </message>
    <message>
        <source>Frees the meter for a technician&apos;s optical head</source>
        <translation>Frigör mätaren för en teknikers optiska läshuvud</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Active rate</source>
        <translation>Aktiv tariff</translation>
    </message>
    <message>
        <source>Rate inputs</source>
        <translation>Tariffingångar</translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation>Brytare</translation>
    </message>
    <message>
        <source>Display text</source>
        <translation>Displaytext</translation>
    </message>
    <message>
        <source>Connect an M-Bus master</source>
        <translation>Anslut en M-Bus-master</translation>
    </message>
    <message>
        <source>Address to connect to</source>
        <translation>Adress att ansluta till</translation>
    </message>
    <message>
        <source>Command that reads the module</source>
        <translation>Kommando som läser av modulen</translation>
    </message>
    <message>
        <source>Last events</source>
        <translation>Senaste händelser</translation>
    </message>
    <message>
        <source>LEDs: {0}</source>
        <translation>Lysdioder: {0}</translation>
    </message>
    <message>
        <source>The module has no power</source>
        <translation>Modulen är spänningslös</translation>
    </message>
    <message>
        <source>A readout is running</source>
        <translation>En avläsning pågår</translation>
    </message>
    <message>
        <source>The meter received a wrong password and refuses everything for a while</source>
        <translation>Mätaren fick ett felaktigt lösenord och avvisar allt en stund</translation>
    </message>
    <message>
        <source>Reading is paused</source>
        <translation>Avläsningen är pausad</translation>
    </message>
    <message>
        <source>The link to the meter is not open</source>
        <translation>Länken till mätaren är inte öppen</translation>
    </message>
    <message>
        <source>Read without waiting for the interval</source>
        <translation>Läs av utan att vänta på intervallet</translation>
    </message>
    <message>
        <source>No link is open</source>
        <translation>Ingen länk är öppen</translation>
    </message>
    <message>
        <source>The master is at the other end of this port&apos;s cable</source>
        <translation>Mastern finns i andra änden av portens kabel</translation>
    </message>
    <message>
        <source>Progress of the readout</source>
        <translation>Avläsningens förlopp</translation>
    </message>
    <message>
        <source>Masters reach the practice bus (page Wiring)</source>
        <translation>Mastrar når övningsbussen (sidan Inkoppling)</translation>
    </message>
    <message>
        <source>Masters reach the built-in module (page Wiring)</source>
        <translation>Mastrar når den inbyggda modulen (sidan Inkoppling)</translation>
    </message>
</context>
<context>
    <name>Navigation</name>
    <message>
        <source>Pages</source>
        <translation>Sidor</translation>
    </message>
</context>
<context>
    <name>NoteCard</name>
    <message>
        <source>The note of a bookmark</source>
        <translation>Bokmärkets anteckning</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Anteckning</translation>
    </message>
    <message>
        <source>Ctrl+Enter saves, Esc discards</source>
        <translation>Ctrl+Enter sparar, Esc avbryter</translation>
    </message>
    <message>
        <source>Remove the bookmark</source>
        <translation>Ta bort bokmärket</translation>
    </message>
    <message>
        <source>Save the note</source>
        <translation>Spara anteckningen</translation>
    </message>
</context>
<context>
    <name>NoteSection</name>
    <message>
        <source>Add note at {0}...</source>
        <translation>Ny anteckning kl. {0}...</translation>
    </message>
    <message>
        <source>Add note...</source>
        <translation>Ny anteckning...</translation>
    </message>
    <message>
        <source>At most {0} lines and {1} characters; Ctrl+Enter saves</source>
        <translation>Högst {0} rader och {1} tecken; Ctrl+Enter sparar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>Change note {0}...</source>
        <translation>Ändra anteckning {0}...</translation>
    </message>
    <message>
        <source>Change note...</source>
        <translation>Ändra...</translation>
    </message>
    <message>
        <source>Delete note</source>
        <translation>Radera anteckning</translation>
    </message>
    <message>
        <source>Delete note {0}...</source>
        <translation>Radera anteckning {0}...</translation>
    </message>
    <message>
        <source>Delete note...</source>
        <translation>Radera...</translation>
    </message>
    <message>
        <source>No notes yet</source>
        <translation>Inga anteckningar ännu</translation>
    </message>
    <message>
        <source>Notes of the module</source>
        <translation>Modulens anteckningar</translation>
    </message>
    <message>
        <source>Save note</source>
        <translation>Spara anteckning</translation>
    </message>
    <message>
        <source>Select a note in the list first</source>
        <translation>Välj först en anteckning i listan</translation>
    </message>
    <message>
        <source>Text of the note</source>
        <translation>Anteckningens text</translation>
    </message>
    <message>
        <source>The note of {0} will be deleted. This cannot be undone.</source>
        <translation>Anteckningen från {0} raderas. Det kan inte ångras.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>Time of the note</source>
        <translation>Anteckningens tid</translation>
    </message>
    <message>
        <source>none</source>
        <translation>inga</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Anteckning</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>“{0}” is not a valid time; write it like 2026-05-17 10:31:00</source>
        <translation>”{0}” är ingen giltig tid; skriv den som 2026-05-17 10:31:00</translation>
    </message>
    <message>
        <source>There is a note at this time already; change that note or the time</source>
        <translation>Det finns redan en anteckning vid denna tid; ändra den eller tiden</translation>
    </message>
    <message>
        <source>A module has at most {0} notes; delete one first</source>
        <translation>En modul har högst {0} anteckningar; radera en först</translation>
    </message>
</context>
<context>
    <name>NumberDialog</name>
    <message>
        <source>Type the last four digits of the number on the meter:</source>
        <translation>Skriv de fyra sista siffrorna i numret på mätaren:</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>These are not the last four digits of the meter&apos;s number</source>
        <translation>Det är inte de fyra sista siffrorna i mätarens nummer</translation>
    </message>
</context>
<context>
    <name>OpenEnds</name>
    <message>
        <source>All of its differences are written. Nothing was repeated.</source>
        <translation>Alla dess skillnader är skrivna. Inget upprepades.</translation>
    </message>
    <message>
        <source>Close this note</source>
        <translation>Stäng meddelandet</translation>
    </message>
    <message>
        <source>The last write was interrupted</source>
        <translation>Den senaste skrivningen avbröts</translation>
    </message>
    <message>
        <source>{0} still have differences. What was sent before is not repeated.</source>
        <translation>{0} har fortfarande skillnader. Det som redan sänts upprepas inte.</translation>
    </message>
    <message>
        <source>Go on with {0}</source>
        <translation>Fortsätt med {0}</translation>
    </message>
    <message>
        <source>The next module goes alone again</source>
        <translation>Nästa modul skrivs åter ensam</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Inte nu</translation>
    </message>
    <message>
        <source>It may be at: {0}</source>
        <translation>Den kan finnas på: {0}</translation>
    </message>
    <message>
        <source>Look for it</source>
        <translation>Leta efter den</translation>
    </message>
    <message>
        <source>It is being looked for</source>
        <translation>Den eftersöks</translation>
    </message>
    <message>
        <source>Ask at every place where it may be; nothing is changed</source>
        <translation>Fråga på varje plats där den kan finnas; inget ändras</translation>
    </message>
    <message>
        <source>Unsure: {0}</source>
        <translation>Osäker: {0}</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>Hittad: {0}</translation>
    </message>
    <message>
        <source>Not found: {0}. Check its wires and the bus voltage, then search the bus.</source>
        <translation>Inte hittad: {0}. Kontrollera ledningarna och busspänningen och sök sedan av bussen.</translation>
    </message>
    <message>
        <source>The module cannot report it, and it is never sent again without your decision.</source>
        <translation>Modulen kan inte rapportera det, och det sänds aldrig igen utan ditt beslut.</translation>
    </message>
    <message>
        <source>It was carried out</source>
        <translation>Det utfördes</translation>
    </message>
    <message>
        <source>It was not</source>
        <translation>Det utfördes inte</translation>
    </message>
    <message>
        <source>{0}: {1} may have been sent</source>
        <translation>{0}: {1} kan ha sänts</translation>
    </message>
</context>
<context>
    <name>OpenedBar</name>
    <message>
        <source>Close the file</source>
        <translation>Stäng filen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>Reading the file...</source>
        <translation>Läser filen...</translation>
    </message>
    <message>
        <source>Capture {0}</source>
        <translation>Inspelning {0}</translation>
    </message>
    <message>
        <source>{0} telegrams</source>
        <translation>{0} telegram</translation>
    </message>
    <message>
        <source>unreadable lines: {0}</source>
        <translation>oläsbara rader: {0}</translation>
    </message>
    <message>
        <source>the file contains passwords in clear text; they are masked here</source>
        <translation>filen innehåller lösenord i klartext; de är maskerade här</translation>
    </message>
    <message>
        <source>Progress of reading the file</source>
        <translation>Inläsningens förlopp</translation>
    </message>
    <message>
        <source>unreadable bookmarks: {0}</source>
        <translation>oläsliga bokmärken: {0}</translation>
    </message>
    <message>
        <source>Replay...</source>
        <translation>Spela upp...</translation>
    </message>
    <message>
        <source>Send the telegrams of the master again, to the built-in module</source>
        <translation>Skicka masterns telegram igen, till den inbyggda modulen</translation>
    </message>
</context>
<context>
    <name>PasswordPanel</name>
    <message>
        <source>Passwords are entered once for all modules. They are in no file of the site, plan or report.</source>
        <translation>Lösenord anges en gång för alla moduler. De finns inte i anläggningens fil, i någon plan eller rapport.</translation>
    </message>
    <message>
        <source>kept {0}</source>
        <translation>sparat {0}</translation>
    </message>
    <message>
        <source>Enter the password twice first</source>
        <translation>Ange lösenordet två gånger först</translation>
    </message>
    <message>
        <source>Keep it {0}</source>
        <translation>Spara det {0}</translation>
    </message>
    <message>
        <source>Enter another one</source>
        <translation>Ange ett annat</translation>
    </message>
    <message>
        <source>Use this password</source>
        <translation>Använd lösenordet</translation>
    </message>
    <message>
        <source>The password is used now, but could not be kept: {0}</source>
        <translation>Lösenordet används nu men kunde inte sparas: {0}</translation>
    </message>
</context>
<context>
    <name>PlotPane</name>
    <message>
        <source>Plot of readings</source>
        <translation>Diagram över avläsningar</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Double-click: reset. Keys: Left and Right step through the samples, + and - zoom, Ctrl+Left and Ctrl+Right move, 0 resets, N adds a note. Right-click: note</source>
        <translation>Hjul: zooma. Dra: flytta. Dubbelklicka: återställ. Tangenter: Vänster och Höger stegar genom värdena, + och - zoomar, Ctrl+Vänster och Ctrl+Höger flyttar, 0 återställer, N lägger till en anteckning. Högerklicka: anteckning</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10 min</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 h</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7 d</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Allt</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>Visad tid</translation>
    </message>
    <message>
        <source>Reset zoom</source>
        <translation>Återställ zoom</translation>
    </message>
    <message>
        <source>Statistics of the time shown</source>
        <translation>Statistik för visad tid</translation>
    </message>
    <message>
        <source>Show the time range chosen on the left and follow the clock again (0 in the plot)</source>
        <translation>Visa det tidsområde som valts till vänster och följ klockan igen (0 i diagrammet)</translation>
    </message>
    <message>
        <source>The plot follows the clock; zoom with the wheel, move by dragging</source>
        <translation>Diagrammet följer klockan; zooma med hjulet, flytta genom att dra</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>Effekt</translation>
    </message>
    <message>
        <source>Show the power of each energy register: its growth between two readings, divided by the time</source>
        <translation>Visa effekten för varje energiregister: ökningen mellan två avläsningar delad med tiden</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Anteckningar</translation>
    </message>
</context>
<context>
    <name>PlotStack</name>
    <message>
        <source>no unit</source>
        <translation>utan enhet</translation>
    </message>
</context>
<context>
    <name>PortList</name>
    <message>
        <source>Serial ports of this computer</source>
        <translation>Datorns seriella portar</translation>
    </message>
    <message>
        <source>Looking for serial ports...</source>
        <translation>Söker efter seriella portar...</translation>
    </message>
    <message>
        <source>No serial port found. Plug in an adapter, and it appears here.</source>
        <translation>Ingen seriell port hittad. Anslut en adapter, så visas den här.</translation>
    </message>
</context>
<context>
    <name>PortPanel</name>
    <message>
        <source>Master port</source>
        <translation>Masterport</translation>
    </message>
    <message>
        <source>Look for serial ports again</source>
        <translation>Sök efter seriella portar igen</translation>
    </message>
    <message>
        <source>Format and control lines</source>
        <translation>Format och styrledningar</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Koppla från</translation>
    </message>
    <message>
        <source>Built-in module</source>
        <translation>Inbyggd modul</translation>
    </message>
    <message>
        <source>TCP gateway</source>
        <translation>TCP-gateway</translation>
    </message>
    <message>
        <source>Another LINK</source>
        <translation>Annan LINK</translation>
    </message>
    <message>
        <source>Host and port</source>
        <translation>Värd och port</translation>
    </message>
    <message>
        <source>LINK</source>
        <translation>LINK</translation>
    </message>
    <message>
        <source>Host and port of a gateway that transfers M-Bus bytes unchanged</source>
        <translation>Värd och port för en gateway som överför M-Bus-byte oförändrade</translation>
    </message>
    <message>
        <source>As on the command line: tcp://HOST:PORT, serial:DEVICE, pty:PATH</source>
        <translation>Som på kommandoraden: tcp://HOST:PORT, serial:DEVICE, pty:PATH</translation>
    </message>
    <message>
        <source>The module inside this program, on a separate wire</source>
        <translation>Modulen i detta program, på en separat ledning</translation>
    </message>
    <message>
        <source>Disconnect first, then choose another port</source>
        <translation>Koppla från först, välj sedan en annan port</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Anslut</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>Connected to the built-in module</source>
        <translation>Ansluten till den inbyggda modulen</translation>
    </message>
    <message>
        <source>Connected to {0}</source>
        <translation>Ansluten till {0}</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>Öppnar {0}</translation>
    </message>
    <message>
        <source>{0}. Trying again automatically.</source>
        <translation>{0}. Försöker igen automatiskt.</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Inte ansluten</translation>
    </message>
    <message>
        <source>Practice bus (simulated)</source>
        <translation>Övningsbuss (simulerad)</translation>
    </message>
    <message>
        <source>Many modules inside this program, on a wire of their own</source>
        <translation>Många moduler i det här programmet, på en egen ledning</translation>
    </message>
    <message>
        <source>Another operation is running on the bus</source>
        <translation>En annan åtgärd pågår på bussen</translation>
    </message>
    <message>
        <source>Connected to the practice bus</source>
        <translation>Ansluten till övningsbussen</translation>
    </message>
</context>
<context>
    <name>Practice</name>
    <message>
        <source>{0}, modules: {1}</source>
        <translation>{0}, moduler: {1}</translation>
    </message>
    <message>
        <source>seed {0}</source>
        <translation>startvärde {0}</translation>
    </message>
    <message>
        <source>rehearsal of the site, modules: {0}</source>
        <translation>övning av anläggningen, moduler: {0}</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Telegrams to send</source>
        <translation>Telegram att skicka</translation>
    </message>
    <message>
        <source>Nothing to send: no row is changed. Edit a value, or press the mark in front of a row to write it.</source>
        <translation>Inget att skicka: ingen rad är ändrad. Ändra ett värde, eller tryck på märket framför en rad för att skriva den.</translation>
    </message>
    <message>
        <source>Before the first telegram, the module is selected by its complete secondary address and read, so that nothing is sent to another module, or to two modules. After each telegram, its status is read.</source>
        <translation>Före det första telegrammet väljs modulen med hela sin sekundäradress och läses av, så att inget skickas till en annan modul eller till två moduler. Efter varje telegram läses dess status.</translation>
    </message>
    <message>
        <source>** replaces a password, and the checksum that would reveal it</source>
        <translation>** ersätter ett lösenord, och den kontrollsumma som skulle röja det</translation>
    </message>
</context>
<context>
    <name>ProblemLine</name>
    <message>
        <source>Show</source>
        <translation>Visa</translation>
    </message>
    <message>
        <source>Cure</source>
        <translation>Åtgärd</translation>
    </message>
    <message>
        <source>Other cure</source>
        <translation>Annan åtgärd</translation>
    </message>
    <message>
        <source>Next problem</source>
        <translation>Nästa problem</translation>
    </message>
    <message>
        <source>Nothing to point out</source>
        <translation>Inget att anmärka på</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} av {1}</translation>
    </message>
    <message>
        <source>Give addresses by flat</source>
        <translation>Ge adresser efter lägenhet</translation>
    </message>
    <message>
        <source>Set one speed</source>
        <translation>Ställ in samma hastighet</translation>
    </message>
    <message>
        <source>Exchange the rows</source>
        <translation>Byt raderna</translation>
    </message>
    <message>
        <source>Take the meters as read</source>
        <translation>Ta mätarna som avlästa</translation>
    </message>
    <message>
        <source>Join the rows</source>
        <translation>Slå ihop raderna</translation>
    </message>
    <message>
        <source>Set them back</source>
        <translation>Ställ tillbaka dem</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Granska</translation>
    </message>
    <message>
        <source>Look for it</source>
        <translation>Sök efter den</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>Sök igen</translation>
    </message>
    <message>
        <source>Enter the flats</source>
        <translation>För in lägenheterna</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Redigera</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Koppla från</translation>
    </message>
    <message>
        <source>The search is running</source>
        <translation>Sökningen pågår</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
</context>
<context>
    <name>QualityTable</name>
    <message>
        <source>Place</source>
        <translation>Plats</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Svar</translation>
    </message>
    <message>
        <source>Hour</source>
        <translation>Timme</translation>
    </message>
    <message>
        <source>hours from UTC</source>
        <translation>timmar från UTC</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>Timmar</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Frågor</translation>
    </message>
    <message>
        <source>Mean, ms</source>
        <translation>Medel, ms</translation>
    </message>
    <message>
        <source>Slowest, ms</source>
        <translation>Längst, ms</translation>
    </message>
    <message>
        <source>Retries</source>
        <translation>Omförsök</translation>
    </message>
    <message>
        <source>Errors, %</source>
        <translation>Fel, %</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Misslyckades</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message>
        <source>Opening the disconnector cuts off the power to the installation behind the meter.</source>
        <translation>När brytaren öppnas blir anläggningen efter mätaren strömlös.</translation>
    </message>
    <message>
        <source>Closing the disconnector energises the installation behind the meter. Make sure that no one is working on it.</source>
        <translation>När brytaren sluts spänningssätts anläggningen efter mätaren. Se till att ingen arbetar på den.</translation>
    </message>
    <message>
        <source>Open the disconnector</source>
        <translation>Öppna brytaren</translation>
    </message>
    <message>
        <source>Close the disconnector</source>
        <translation>Slut brytaren</translation>
    </message>
    <message>
        <source>Send {0}: {1}</source>
        <translation>Skicka {0}: {1}</translation>
    </message>
    <message>
        <source>{0}
Meter {1}</source>
        <translation>{0}
Mätare {1}</translation>
    </message>
    <message>
        <source>{0}
The number of its meter is not known. Read the module to see it.</source>
        <translation>{0}
Mätarens nummer är inte känt. Läs av modulen för att se det.</translation>
    </message>
    <message>
        <source>{0}, simulated</source>
        <translation>{0}, simulerad</translation>
    </message>
    <message>
        <source>Send the telegram</source>
        <translation>Skicka telegrammet</translation>
    </message>
</context>
<context>
    <name>RateMapEditor</name>
    <message>
        <source>Restore factory table</source>
        <translation>Återställ fabrikstabell</translation>
    </message>
    <message>
        <source>The meter has rates 1 to {0}: it will refuse {1}</source>
        <translation>Mätaren har tariff 1 till {0}: den avvisar {1}</translation>
    </message>
    <message>
        <source>More than one row selects rate {0}</source>
        <translation>Mer än en rad väljer tariff {0}</translation>
    </message>
    <message>
        <source>This is the factory table</source>
        <translation>Detta är fabrikstabellen</translation>
    </message>
    <message>
        <source>Fill in the table as delivered; nothing is written yet</source>
        <translation>Fyll i tabellen som den levererades; inget skrivs ännu</translation>
    </message>
</context>
<context>
    <name>ReadingsExport</name>
    <message>
        <source>Export readings</source>
        <translation>Exportera avläsningar</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Spara bild</translation>
    </message>
    <message>
        <source>Picture saved to {0}</source>
        <translation>Bilden har sparats i {0}</translation>
    </message>
    <message>
        <source>The picture could not be saved ({0}); choose another location</source>
        <translation>Bilden kunde inte sparas ({0}); välj en annan plats</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG-bild</translation>
    </message>
    <message>
        <source>SVG drawing</source>
        <translation>SVG-bild</translation>
    </message>
</context>
<context>
    <name>ReadingsModel</name>
    <message>
        <source>Plot</source>
        <translation>Rita</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Kod</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Betydelse</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>Trend</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Värde</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Enhet</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Ålder</translation>
    </message>
    <message>
        <source>Plot {0}</source>
        <translation>Visa {0} i diagrammet</translation>
    </message>
    <message>
        <source>Trend of {0}</source>
        <translation>Trend för {0}</translation>
    </message>
    <message>
        <source>not up to date</source>
        <translation>inte aktuellt</translation>
    </message>
</context>
<context>
    <name>ReadingsPage</name>
    <message>
        <source>Search code, meaning, value</source>
        <translation>Sök kod, betydelse, värde</translation>
    </message>
    <message>
        <source>Search the readings</source>
        <translation>Sök i avläsningarna</translation>
    </message>
    <message>
        <source>Search the readings (Ctrl+F)</source>
        <translation>Sök i avläsningarna (Ctrl+F)</translation>
    </message>
    <message>
        <source>Readings of the meter</source>
        <translation>Mätarens avläsningar</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>Avläsningar</translation>
    </message>
    <message>
        <source>Read the meter every</source>
        <translation>Avläsningsintervall</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>Read it on the page Site</source>
        <translation>Läs av den på sidan Anläggning</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>Exportera...</translation>
    </message>
    <message>
        <source>Write readings to an Excel or CSV file</source>
        <translation>Skriv avläsningar till en Excel- eller CSV-fil</translation>
    </message>
    <message>
        <source>{0}  ·  {1} values</source>
        <translation>{0}  ·  {1} värden</translation>
    </message>
    <message>
        <source>No value matches the search</source>
        <translation>Inget värde stämmer med sökningen</translation>
    </message>
    <message>
        <source>{0} has not been read yet</source>
        <translation>{0} har inte lästs av ännu</translation>
    </message>
    <message>
        <source>The module has no power. Set the bus voltage to between 21 and 42 V on the page Built-in module</source>
        <translation>Modulen är spänningslös. Ställ in busspänningen på 21 till 42 V på sidan Inbyggd modul</translation>
    </message>
    <message>
        <source>The first readout is running: line {0}</source>
        <translation>Första avläsningen pågår: rad {0}</translation>
    </message>
    <message>
        <source>No answer from the meter yet</source>
        <translation>Inget svar från mätaren ännu</translation>
    </message>
    <message>
        <source>The table as shown</source>
        <translation>Tabellen som den visas</translation>
    </message>
    <message>
        <source>The plotted curves in the time shown</source>
        <translation>Diagrammets kurvor över visad tid</translation>
    </message>
    <message>
        <source>Tick a value in the column Plot to see its curve</source>
        <translation>Kryssa i ett värde i kolumnen Rita för att se dess kurva</translation>
    </message>
    <message>
        <source>Curves appear here after the first readout</source>
        <translation>Kurvor visas här efter första avläsningen</translation>
    </message>
    <message>
        <source>Save picture...</source>
        <translation>Spara bild...</translation>
    </message>
    <message>
        <source>{0}, {1} to {2}</source>
        <translation>{0}, {1} till {2}</translation>
    </message>
    <message>
        <source>The notes cannot be stored or read ({0}); check the free space and the permissions</source>
        <translation>Anteckningarna kan inte sparas eller läsas ({0}); kontrollera ledigt utrymme och behörigheter</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Cannot record to {0}: {1}</source>
        <translation>Kan inte spela in till {0}: {1}</translation>
    </message>
    <message>
        <source>The recording was stopped: {1}. Earlier telegrams are in {0}</source>
        <translation>Inspelningen stoppades: {1}. Tidigare telegram finns i {0}</translation>
    </message>
    <message>
        <source>Recording to {0}</source>
        <translation>Spelar in till {0}</translation>
    </message>
    <message>
        <source>Recording to {0} ended; rows written: {1}</source>
        <translation>Inspelningen till {0} är slut; skrivna rader: {1}</translation>
    </message>
</context>
<context>
    <name>RehearseBar</name>
    <message>
        <source>Rehearse</source>
        <translation>Öva</translation>
    </message>
    <message>
        <source>Back to the site</source>
        <translation>Tillbaka till anläggningen</translation>
    </message>
    <message>
        <source>Try the visit on a copy of this site on the practice bus</source>
        <translation>Prova besöket på en kopia av anläggningen på övningsbussen</translation>
    </message>
    <message>
        <source>the site without a name</source>
        <translation>anläggningen utan namn</translation>
    </message>
    <message>
        <source>Rehearsal of {0}: nothing of it enters the site, its history or a later visit</source>
        <translation>Övning av {0}: inget av den hamnar i anläggningen, dess historik eller ett senare besök</translation>
    </message>
</context>
<context>
    <name>Remark</name>
    <message>
        <source>Acknowledged; the module reports no status that would show a refusal</source>
        <translation>Kvitterat; modulen rapporterar ingen status som visar om något avvisats</translation>
    </message>
    <message>
        <source>Acknowledged, status {0:02X}</source>
        <translation>Kvitterat, status {0:02X}</translation>
    </message>
    <message>
        <source>Refused: {0}</source>
        <translation>Avvisat: {0}</translation>
    </message>
    <message>
        <source>Not confirmed: {0}. Check target, speed and link, then write again</source>
        <translation>Obekräftat: {0}. Kontrollera mål, hastighet och länk och skriv igen</translation>
    </message>
    <message>
        <source>Possibly done: {0}. Compare with the module, or write again</source>
        <translation>Möjligen utfört: {0}. Jämför med modulen, eller skriv igen</translation>
    </message>
    <message>
        <source>stopped before the result was known</source>
        <translation>stoppat innan resultatet var känt</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Inte skickat</translation>
    </message>
</context>
<context>
    <name>ReplayModel</name>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Telegram</source>
        <translation>Telegram</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultat</translation>
    </message>
    <message>
        <source>Recorded, s</source>
        <translation>Inspelat, s</translation>
    </message>
    <message>
        <source>Now, s</source>
        <translation>Nu, s</translation>
    </message>
    <message>
        <source>Differences: recorded → now</source>
        <translation>Skillnader: inspelat → nu</translation>
    </message>
    <message>
        <source>same</source>
        <translation>lika</translation>
    </message>
    <message>
        <source>different</source>
        <translation>olika</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>inget svar</translation>
    </message>
    <message>
        <source>answer only now</source>
        <translation>svar först nu</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>överhoppat</translation>
    </message>
    <message>
        <source>a telegram with a secret</source>
        <translation>ett telegram med en hemlighet</translation>
    </message>
    <message>
        <source>a damaged telegram</source>
        <translation>ett skadat telegram</translation>
    </message>
</context>
<context>
    <name>ReplayPanel</name>
    <message>
        <source>Progress of the replay</source>
        <translation>Hur långt uppspelningen har kommit</translation>
    </message>
    <message>
        <source>All telegrams</source>
        <translation>Alla telegram</translation>
    </message>
    <message>
        <source>Selected rows</source>
        <translation>Markerade rader</translation>
    </message>
    <message>
        <source>What is replayed</source>
        <translation>Vad som spelas upp</translation>
    </message>
    <message>
        <source>Original times</source>
        <translation>Ursprungliga tider</translation>
    </message>
    <message>
        <source>Wait as long between the telegrams as in the capture</source>
        <translation>Vänta lika länge mellan telegrammen som i inspelningen</translation>
    </message>
    <message>
        <source>Start the replay</source>
        <translation>Starta uppspelningen</translation>
    </message>
    <message>
        <source>Differences only</source>
        <translation>Bara skillnader</translation>
    </message>
    <message>
        <source>Close the replay</source>
        <translation>Stäng uppspelningen</translation>
    </message>
    <message>
        <source>The results of the replay</source>
        <translation>Uppspelningens resultat</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Uppspelning</translation>
    </message>
    <message>
        <source>Stop the replay</source>
        <translation>Stoppa uppspelningen</translation>
    </message>
    <message>
        <source>The telegrams are being prepared</source>
        <translation>Telegrammen förbereds</translation>
    </message>
    <message>
        <source>Send the telegrams to the built-in module; its settings and its simulated disconnector follow them</source>
        <translation>Skicka telegrammen till den inbyggda modulen; dess inställningar och dess simulerade brytare följer dem</translation>
    </message>
    <message>
        <source>Nothing has been sent yet</source>
        <translation>Inget har skickats än</translation>
    </message>
    <message>
        <source>{0} of {1} telegrams</source>
        <translation>{0} av {1} telegram</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>stoppad</translation>
    </message>
    <message>
        <source>There is no telegram of a master among these rows</source>
        <translation>Bland dessa rader finns inget telegram från en master</translation>
    </message>
    <message>
        <source>No differences</source>
        <translation>Inga skillnader</translation>
    </message>
    <message>
        <source>The answers are compared with the recorded ones here</source>
        <translation>Här jämförs svaren med de inspelade</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Versions</source>
        <translation>Versioner</translation>
    </message>
    <message>
        <source>State of the built-in module</source>
        <translation>Den inbyggda modulens tillstånd</translation>
    </message>
    <message>
        <source>Settings of the built-in module</source>
        <translation>Den inbyggda modulens inställningar</translation>
    </message>
    <message>
        <source>Wiring</source>
        <translation>Inkoppling</translation>
    </message>
    <message>
        <source>Checks of the chosen module</source>
        <translation>Kontroller av vald modul</translation>
    </message>
    <message>
        <source>Counters</source>
        <translation>Räknare</translation>
    </message>
    <message>
        <source>Last messages, newest first</source>
        <translation>Senaste meddelanden, nyast först</translation>
    </message>
    <message>
        <source>cmi_gui diagnostics report</source>
        <translation>Felsökningsrapport från cmi_gui</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>Byggversion</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Module profile</source>
        <translation>Modulprofil</translation>
    </message>
    <message>
        <source>Meter profile</source>
        <translation>Mätarprofil</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>Tillstånd</translation>
    </message>
    <message>
        <source>Bus</source>
        <translation>Buss</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Meter identification</source>
        <translation>Mätarens identifiering</translation>
    </message>
    <message>
        <source>Rate inputs</source>
        <translation>Tariffingångar</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Tariff</translation>
    </message>
    <message>
        <source>Rate error</source>
        <translation>Tariffel</translation>
    </message>
    <message>
        <source>Disconnector</source>
        <translation>Brytare</translation>
    </message>
    <message>
        <source>Faults switched on</source>
        <translation>Påslagna fel</translation>
    </message>
    <message>
        <source>not included</source>
        <translation>ingår inte</translation>
    </message>
    <message>
        <source>{0} bytes in, {1} bytes out</source>
        <translation>{0} byte in, {1} byte ut</translation>
    </message>
    <message>
        <source>Traffic rows</source>
        <translation>Trafikrader</translation>
    </message>
    <message>
        <source>Failed readouts in a row</source>
        <translation>Misslyckade avläsningar i rad</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adress</translation>
    </message>
    <message>
        <source>Chosen module</source>
        <translation>Vald modul</translation>
    </message>
    <message>
        <source>Last read</source>
        <translation>Senast avläst</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Länk</translation>
    </message>
</context>
<context>
    <name>ReportPreview</name>
    <message>
        <source>Previous page</source>
        <translation>Föregående sida</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>Nästa sida</translation>
    </message>
    <message>
        <source>Fit the width</source>
        <translation>Anpassa till bredden</translation>
    </message>
    <message>
        <source>Page {0} of {1}</source>
        <translation>Sida {0} av {1}</translation>
    </message>
    <message>
        <source>The pages are being prepared</source>
        <translation>Sidorna förbereds</translation>
    </message>
</context>
<context>
    <name>ReportView</name>
    <message>
        <source>Language of the report</source>
        <translation>Rapportens språk</translation>
    </message>
    <message>
        <source>With readings</source>
        <translation>Med avläsningar</translation>
    </message>
    <message>
        <source>Without readings</source>
        <translation>Utan avläsningar</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>Variant</translation>
    </message>
    <message>
        <source>Flats in the report</source>
        <translation>Lägenheter i rapporten</translation>
    </message>
    <message>
        <source>Save report...</source>
        <translation>Spara rapporten...</translation>
    </message>
    <message>
        <source>Remove this site&apos;s readings from this computer</source>
        <translation>Ta bort anläggningens avläsningar från den här datorn</translation>
    </message>
    <message>
        <source>Remove the readings</source>
        <translation>Ta bort avläsningarna</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behåll dem</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Språk</translation>
    </message>
    <message>
        <source>Flats</source>
        <translation>Lägenheter</translation>
    </message>
    <message>
        <source>Readings on this computer</source>
        <translation>Avläsningar på den här datorn</translation>
    </message>
    <message>
        <source>All flats</source>
        <translation>Alla lägenheter</translation>
    </message>
    <message>
        <source>The site has no modules yet</source>
        <translation>Anläggningen har inga moduler än</translation>
    </message>
    <message>
        <source>As PDF, HTML page, Excel file or JSON</source>
        <translation>Som PDF, HTML-sida, Excel-fil eller JSON</translation>
    </message>
    <message>
        <source>The PDF is for printing and signing, Excel and JSON also have the meter list for the gateway. The report shows only energy registers, and never a password.</source>
        <translation>PDF-filen är till för utskrift och underskrift; Excel och JSON har även mätarlistan för gatewayen. Rapporten visar endast energiregister och aldrig ett lösenord.</translation>
    </message>
    <message>
        <source>{0} Each page says PRACTICE.</source>
        <translation>{0} Varje sida är märkt PRACTICE.</translation>
    </message>
    <message>
        <source>No readings of this site are stored here</source>
        <translation>Inga avläsningar från anläggningen är sparade här</translation>
    </message>
    <message>
        <source>From the site and from the history of this program; reports that were saved stay</source>
        <translation>Från anläggningen och från programmets historik; sparade rapporter blir kvar</translation>
    </message>
    <message>
        <source>Qt finds no font on this system; save the report as an HTML page instead</source>
        <translation>Qt hittar inget teckensnitt på den här datorn; spara rapporten som HTML-sida i stället</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>HTML page</source>
        <translation>HTML-sida</translation>
    </message>
    <message>
        <source>Excel</source>
        <translation>Excel</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Spara rapporten</translation>
    </message>
    <message>
        <source>Report saved to {0}</source>
        <translation>Rapporten är sparad i {0}</translation>
    </message>
    <message>
        <source>Qt finds no font on this system; save it as an HTML page instead</source>
        <translation>Qt hittar inget teckensnitt på den här datorn; spara den som HTML-sida i stället</translation>
    </message>
    <message>
        <source>The readings of {0} are removed from the site and from this program&apos;s history, with the notes on them. This cannot be undone.</source>
        <translation>Avläsningarna från {0} tas bort ur anläggningen och ur programmets historik, med anteckningarna om dem. Det kan inte ångras.</translation>
    </message>
    <message>
        <source>Readings show how much a household uses. Remove them when the report is handed over.</source>
        <translation>Avläsningar visar hur mycket ett hushåll förbrukar. Ta bort dem när rapporten är överlämnad.</translation>
    </message>
    <message>
        <source>The readings of this site were removed from this computer</source>
        <translation>Anläggningens avläsningar har tagits bort från den här datorn</translation>
    </message>
    <message>
        <source>The readings were removed from the site, but not from the history: {0}</source>
        <translation>Avläsningarna har tagits bort ur anläggningen men inte ur historiken: {0}</translation>
    </message>
</context>
<context>
    <name>ResultModel</name>
    <message>
        <source>Place</source>
        <translation>Plats</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultat</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Orsak</translation>
    </message>
    <message>
        <source>Stopped before the result was known</source>
        <translation>Stoppad innan resultatet var känt</translation>
    </message>
    <message>
        <source>Being written</source>
        <translation>Skrivs</translation>
    </message>
    <message>
        <source>Not begun</source>
        <translation>Ej påbörjad</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>Väntar</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Klar</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Misslyckades</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Osäker</translation>
    </message>
</context>
<context>
    <name>ReviewModel</name>
    <message>
        <source>Order</source>
        <translation>Ordning</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Plats</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Inställning</translation>
    </message>
    <message>
        <source>Is</source>
        <translation>Är</translation>
    </message>
    <message>
        <source>Will be</source>
        <translation>Blir</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Kontroll</translation>
    </message>
</context>
<context>
    <name>Rocker</name>
    <message>
        <source>On</source>
        <translation>På</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Av</translation>
    </message>
</context>
<context>
    <name>RoomPanel</name>
    <message>
        <source>Number of modules</source>
        <translation>Antal moduler</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startvärde</translation>
    </message>
    <message>
        <source>The same seed makes the same modules and meters</source>
        <translation>Samma startvärde ger samma moduler och mätare</translation>
    </message>
    <message>
        <source>Make the room</source>
        <translation>Skapa rummet</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öppna…</translation>
    </message>
    <message>
        <source>Open a room file</source>
        <translation>Öppna en rumsfil</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Spara…</translation>
    </message>
    <message>
        <source>Save the room to a file</source>
        <translation>Spara rummet i en fil</translation>
    </message>
    <message>
        <source>Make modules by chance, all as delivered, at address 0</source>
        <translation>Skapa moduler slumpmässigt, alla som vid leverans, på adress 0</translation>
    </message>
    <message>
        <source>There is no room yet</source>
        <translation>Det finns inget rum än</translation>
    </message>
    <message>
        <source>Save the modules with their present settings</source>
        <translation>Spara modulerna med deras nuvarande inställningar</translation>
    </message>
    <message>
        <source>Connect opens {0}</source>
        <translation>Anslut öppnar {0}</translation>
    </message>
    <message>
        <source>Connect makes {0} modules, seed {1}</source>
        <translation>Anslut: {0} moduler, startvärde {1}</translation>
    </message>
    <message>
        <source>Room: {0}</source>
        <translation>Rum: {0}</translation>
    </message>
    <message>
        <source>Open a room</source>
        <translation>Öppna ett rum</translation>
    </message>
    <message>
        <source>Save the room</source>
        <translation>Spara rummet</translation>
    </message>
    <message>
        <source>The room could not be saved: {0}</source>
        <translation>Rummet kunde inte sparas: {0}</translation>
    </message>
    <message>
        <source>Room saved to {0}</source>
        <translation>Rummet sparat i {0}</translation>
    </message>
    <message>
        <source>Rooms (*.toml);;All files (*)</source>
        <translation>Rum (*.toml);;Alla filer (*)</translation>
    </message>
    <message>
        <source>Rooms (*.toml)</source>
        <translation>Rum (*.toml)</translation>
    </message>
</context>
<context>
    <name>RuleRow</name>
    <message>
        <source>Rule {0}</source>
        <translation>Regel {0}</translation>
    </message>
    <message>
        <source>Use this rule</source>
        <translation>Använd regeln</translation>
    </message>
    <message>
        <source>{0}: in use</source>
        <translation>{0}: används</translation>
    </message>
    <message>
        <source>{0}: filter</source>
        <translation>{0}: filter</translation>
    </message>
    <message>
        <source>Filter, such as type:SND_UD addr:5</source>
        <translation>Filter, till exempel type:SND_UD addr:5</translation>
    </message>
    <message>
        <source>{0}: colour</source>
        <translation>{0}: färg</translation>
    </message>
    <message>
        <source>{0}: match earlier</source>
        <translation>{0}: pröva tidigare</translation>
    </message>
    <message>
        <source>{0}: match later</source>
        <translation>{0}: pröva senare</translation>
    </message>
    <message>
        <source>{0}: delete</source>
        <translation>{0}: ta bort</translation>
    </message>
</context>
<context>
    <name>RulesWindow</name>
    <message>
        <source>Colour rules</source>
        <translation>Färgregler</translation>
    </message>
    <message>
        <source>The first rule in use whose filter matches a line gives it its background. The filters are written as on the page, without times.</source>
        <translation>Den första regeln som används och vars filter stämmer med en rad ger den dess bakgrund. Filtren skrivs som på sidan, utan tider.</translation>
    </message>
    <message>
        <source>Add a rule</source>
        <translation>Lägg till en regel</translation>
    </message>
    <message>
        <source>Use the default rules</source>
        <translation>Använd standardreglerna</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Stäng</translation>
    </message>
    <message>
        <source>There can be {0} rules; delete one first</source>
        <translation>Det kan finnas {0} regler; ta bort en först</translation>
    </message>
    <message>
        <source>Add a rule at the end of the list</source>
        <translation>Lägg till en regel sist i listan</translation>
    </message>
</context>
<context>
    <name>ScanPanel</name>
    <message>
        <source>Look for modules</source>
        <translation>Sök moduler</translation>
    </message>
    <message>
        <source>Primary</source>
        <translation>Primär</translation>
    </message>
    <message>
        <source>Search by primary address</source>
        <translation>Sök på primäradress</translation>
    </message>
    <message>
        <source>Range of primary addresses</source>
        <translation>Intervall av primäradresser</translation>
    </message>
    <message>
        <source>One address, or the first and the last: 0-{0}</source>
        <translation>En adress, eller första och sista: 0-{0}</translation>
    </message>
    <message>
        <source>Secondary</source>
        <translation>Sekundär</translation>
    </message>
    <message>
        <source>Search by secondary address</source>
        <translation>Sök på sekundäradress</translation>
    </message>
    <message>
        <source>Secondary address, F for any digit</source>
        <translation>Sekundäradress, F för valfri siffra</translation>
    </message>
    <message>
        <source>Eight digits; F matches any digit. Also finds modules that share a primary address</source>
        <translation>Åtta siffror; F motsvarar valfri siffra. Hittar även moduler som delar primäradress</translation>
    </message>
    <message>
        <source>{0} bit/s</source>
        <translation>{0} bit/s</translation>
    </message>
    <message>
        <source>This link has no speed: there is one pass, with the waiting times of the slower speed</source>
        <translation>Länken har ingen hastighet: sökningen görs i en omgång, med den lägre hastighetens väntetider</translation>
    </message>
    <message>
        <source>Scan the bus</source>
        <translation>Sök igenom bussen</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>Switch on primary addresses, secondary addresses, or both</source>
        <translation>Slå på primäradresser, sekundäradresser eller båda</translation>
    </message>
    <message>
        <source>Choose a speed, or both</source>
        <translation>Välj en hastighet, eller båda</translation>
    </message>
    <message>
        <source>Cancel the scan</source>
        <translation>Avbryt sökningen</translation>
    </message>
    <message>
        <source>Another operation is running on the bus</source>
        <translation>En annan åtgärd pågår på bussen</translation>
    </message>
    <message>
        <source>Address {0} at {1} bit/s</source>
        <translation>Adress {0} med {1} bit/s</translation>
    </message>
    <message>
        <source>Mask {0} at {1} bit/s</source>
        <translation>Mask {0} med {1} bit/s</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}, omkring {1} kvar</translation>
    </message>
    <message>
        <source>Pass {0} of {1}</source>
        <translation>Omgång {0} av {1}</translation>
    </message>
    <message>
        <source>Scan complete: {0}</source>
        <translation>Sökningen klar: {0}</translation>
    </message>
    <message>
        <source>Scan cancelled: {0} so far</source>
        <translation>Sökningen avbruten: {0} hittills</translation>
    </message>
    <message>
        <source>Scan failed: {0} so far.
{1}</source>
        <translation>Sökningen misslyckades: {0} hittills.
{1}</translation>
    </message>
    <message>
        <source>Progress of the scan</source>
        <translation>Sökningens förlopp</translation>
    </message>
    <message>
        <source>From the beginning</source>
        <translation>Från början</translation>
    </message>
    <message>
        <source>Stop when all are found</source>
        <translation>Sluta när alla har hittats</translation>
    </message>
    <message>
        <source>A search by secondary address ends when every module of the list was found, if all have a flat</source>
        <translation>En sökning på sekundäradress slutar när varje modul i listan har hittats, om alla har en lägenhet</translation>
    </message>
    <message>
        <source>Continue the scan</source>
        <translation>Fortsätt sökningen</translation>
    </message>
    <message>
        <source>Scan ended: all modules of the list were found. {0}</source>
        <translation>Sökningen slutade: alla moduler i listan har hittats. {0}</translation>
    </message>
    <message>
        <source>{0}, at least {1} left</source>
        <translation>{0}, minst {1} kvar</translation>
    </message>
</context>
<context>
    <name>SecretEditor</name>
    <message>
        <source>new</source>
        <translation>nytt</translation>
    </message>
    <message>
        <source>{0} again</source>
        <translation>{0} igen</translation>
    </message>
    <message>
        <source>again</source>
        <translation>igen</translation>
    </message>
    <message>
        <source>The two passwords do not match yet</source>
        <translation>De två lösenorden stämmer inte överens ännu</translation>
    </message>
    <message>
        <source>entered</source>
        <translation>angivet</translation>
    </message>
</context>
<context>
    <name>SelfTest</name>
    <message>
        <source>The module reads the simulated meter</source>
        <translation>Modulen läser av den simulerade mätaren</translation>
    </message>
    <message>
        <source>A master reads the module; every data line is restored exactly</source>
        <translation>En master läser av modulen; varje datarad återställs exakt</translation>
    </message>
    <message>
        <source>A master reads the module by its secondary address</source>
        <translation>En master läser av modulen med dess sekundäradress</translation>
    </message>
    <message>
        <source>Push button, 10 s: C.5.0 reports the disconnector open</source>
        <translation>Tryckknapp, 10 s: C.5.0 rapporterar brytaren öppen</translation>
    </message>
    <message>
        <source>Rate input A, 5 s: C.5.0 reports the rate</source>
        <translation>Tariffingång A, 5 s: C.5.0 rapporterar tariffen</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
    <message>
        <source>{0} lines; took {1}</source>
        <translation>{0} rader; tog {1}</translation>
    </message>
    <message>
        <source>rate {0} after {1} of simulated time; took {2}</source>
        <translation>tariff {0} efter {1} simulerad tid; tog {2}</translation>
    </message>
    <message>
        <source>after {0} of simulated time; took {1}</source>
        <translation>efter {0} simulerad tid; tog {1}</translation>
    </message>
    <message>
        <source>Self-test</source>
        <translation>Självtest</translation>
    </message>
    <message>
        <source>Tests a separate module and meter in simulated time, from the readout to the master. Your module and meter are not affected.</source>
        <translation>Testar en separat modul och mätare i simulerad tid, från avläsningen till mastern. Din modul och mätare påverkas inte.</translation>
    </message>
    <message>
        <source>Run self-test</source>
        <translation>Kör självtest</translation>
    </message>
    <message>
        <source>Not run yet</source>
        <translation>Inte kört ännu</translation>
    </message>
    <message>
        <source>The self-test is running</source>
        <translation>Självtestet körs</translation>
    </message>
    <message>
        <source>Running...</source>
        <translation>Kör...</translation>
    </message>
    <message>
        <source>Self-test: {0}</source>
        <translation>Självtest: {0}</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>inte kört</translation>
    </message>
    <message>
        <source>{0} steps passed</source>
        <translation>{0} steg godkända</translation>
    </message>
    <message>
        <source>failed at step {0} of {1}</source>
        <translation>underkänt i steg {0} av {1}</translation>
    </message>
    <message>
        <source>aborted: {0}</source>
        <translation>avbrutet: {0}</translation>
    </message>
</context>
<context>
    <name>SendPanel</name>
    <message>
        <source>Send a telegram</source>
        <translation>Skicka ett telegram</translation>
    </message>
    <message>
        <source>Telegram in hex</source>
        <translation>Telegram i hex</translation>
    </message>
    <message>
        <source>Telegram in hex, such as 10 5B 00 5B 16; Up and Down show sent ones</source>
        <translation>Telegram i hex, till exempel 10 5B 00 5B 16; Upp och Ned visar skickade</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Skicka</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>Enter a telegram first</source>
        <translation>Ange först ett telegram</translation>
    </message>
    <message>
        <source>Send the telegram once and wait for the answer (Enter)</source>
        <translation>Skicka telegrammet en gång och vänta på svaret (Enter)</translation>
    </message>
    <message>
        <source>Send this telegram?</source>
        <translation>Skicka detta telegram?</translation>
    </message>
    <message>
        <source>Bus {0}</source>
        <translation>Buss {0}</translation>
    </message>
    <message>
        <source>{0}, meter {1}</source>
        <translation>{0}, mätare {1}</translation>
    </message>
    <message>
        <source>Waiting for the answer…</source>
        <translation>Väntar på svaret…</translation>
    </message>
    <message>
        <source>The answer appears here and in the table</source>
        <translation>Svaret visas här och i tabellen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Avbrutet</translation>
    </message>
    <message>
        <source>Not sent: {0}</source>
        <translation>Skickades inte: {0}</translation>
    </message>
    <message>
        <source>Sent; a broadcast to address 255 has no answer</source>
        <translation>Skickat; ett utskick till adress 255 får inget svar</translation>
    </message>
    <message>
        <source>No answer within {0} s</source>
        <translation>Inget svar inom {0} s</translation>
    </message>
    <message>
        <source>Answer after {0} s: {1}</source>
        <translation>Svar efter {0} s: {1}</translation>
    </message>
</context>
<context>
    <name>Sending</name>
    <message>
        <source>A replay is sent only to the built-in module; choose it in the header. {0} is a real one</source>
        <translation>En uppspelning skickas bara till den inbyggda modulen; välj den i huvudet. {0} är en riktig modul</translation>
    </message>
    <message>
        <source>A replay is not sent to a module that controls a real meter</source>
        <translation>En uppspelning skickas inte till en modul som styr en riktig mätare</translation>
    </message>
    <message>
        <source>A replay is not sent to a module on a real bus</source>
        <translation>En uppspelning skickas inte till en modul på en riktig buss</translation>
    </message>
    <message>
        <source>A replay is sent only to the built-in module. {0} is on the practice bus</source>
        <translation>En uppspelning skickas bara till den inbyggda modulen. {0} finns på övningsbussen</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Write only {0}</source>
        <translation>Skriv bara {0}</translation>
    </message>
    <message>
        <source>{0}, was {1} before</source>
        <translation>{0}, var {1} tidigare</translation>
    </message>
    <message>
        <source>{0}, differs from the form</source>
        <translation>{0}, avviker från formuläret</translation>
    </message>
    <message>
        <source>sent just now</source>
        <translation>just skickat</translation>
    </message>
    <message>
        <source>sent {0} ago</source>
        <translation>skickat för {0} sedan</translation>
    </message>
    <message>
        <source>{0}, cannot be read back</source>
        <translation>{0}, kan inte återläsas</translation>
    </message>
    <message>
        <source>{0}; factory value: {1}</source>
        <translation>{0}; fabriksvärde: {1}</translation>
    </message>
    <message>
        <source>cannot be read back</source>
        <translation>kan inte återläsas</translation>
    </message>
    <message>
        <source>unknown: this link has no speed</source>
        <translation>okänt: länken har ingen hastighet</translation>
    </message>
    <message>
        <source>not read: no answer</source>
        <translation>inte läst: inget svar</translation>
    </message>
    <message>
        <source>not reported by the module</source>
        <translation>rapporteras inte av modulen</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>inte läst ännu</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alla</translation>
    </message>
</context>
<context>
    <name>SettingsFiles</name>
    <message>
        <source>Import settings</source>
        <translation>Importera inställningar</translation>
    </message>
    <message>
        <source>Export settings</source>
        <translation>Exportera inställningar</translation>
    </message>
    <message>
        <source>{0} was not loaded: the form has changed in the meantime; import it again</source>
        <translation>{0} lästes inte in: formuläret har ändrats under tiden; importera filen igen</translation>
    </message>
    <message>
        <source>Import of {0}</source>
        <translation>Import av {0}</translation>
    </message>
    <message>
        <source>{0} loaded; unwritten changes: {1}</source>
        <translation>{0} inläst; oskrivna ändringar: {1}</translation>
    </message>
    <message>
        <source>Settings saved to {0}, without passwords</source>
        <translation>Inställningarna sparade i {0}, utan lösenord</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation>Inställningar</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Språk</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>Följ systemet</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Ljust</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Mörkt</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Utseende</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profiler</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Profiles hold what the manufacturers have not published: the commands of the module, and what must be sent to the meter. You can replace each by a file of your own, which is used from the next start.</source>
        <translation>Profilerna innehåller det som tillverkarna inte har publicerat: modulens kommandon, och det som måste skickas till mätaren. Du kan ersätta var och en med en egen fil, som används från nästa start.</translation>
    </message>
    <message>
        <source>Stored data</source>
        <translation>Sparade data</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Stäng</translation>
    </message>
    <message>
        <source>cmi_gui {0}</source>
        <translation>cmi_gui {0}</translation>
    </message>
    <message>
        <source>Nothing is stored, because the program was started without a data folder.</source>
        <translation>Inget sparas, eftersom programmet startades utan datamapp.</translation>
    </message>
    <message>
        <source>The program is portable: settings, history and passwords are stored beside it, in {0}</source>
        <translation>Programmet är portabelt: inställningar, historik och lösenord sparas bredvid det, i {0}</translation>
    </message>
    <message>
        <source>The data folder cannot be used. Data is stored in {0} and deleted when the program ends</source>
        <translation>Datamappen kan inte användas. Data sparas i {0} och raderas när programmet avslutas</translation>
    </message>
    <message>
        <source>Settings and history are stored in {0}</source>
        <translation>Inställningar och historik sparas i {0}</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>Tabeller</translation>
    </message>
    <message>
        <source>Decimal sign</source>
        <translation>Decimaltecken</translation>
    </message>
    <message>
        <source>For copied tables and for CSV files for Excel. With a decimal comma, the cells of such a file are separated by semicolons.</source>
        <translation>För kopierade tabeller och för CSV-filer för Excel. Med decimalkomma skiljs cellerna i en sådan fil åt med semikolon.</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textstorlek</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Täthet</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>Luftig</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>Kompakt</translation>
    </message>
</context>
<context>
    <name>SiteDetails</name>
    <message>
        <source>Site</source>
        <translation>Anläggning</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Namn</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Kund</translation>
    </message>
    <message>
        <source>Technician</source>
        <translation>Tekniker</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Anteckning</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behåll</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
</context>
<context>
    <name>SiteEdits</name>
    <message>
        <source>Modules</source>
        <translation>Moduler</translation>
    </message>
    <message>
        <source>The copied text is too long for a list of modules</source>
        <translation>Den kopierade texten är för lång för en lista med moduler</translation>
    </message>
    <message>
        <source>Values cannot be pasted here; begin in a column that can be edited</source>
        <translation>Värden kan inte klistras in här; börja i en kolumn som kan redigeras</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Klistra in</translation>
    </message>
    <message>
        <source>The columns Energy, State and Seen cannot be edited</source>
        <translation>Kolumnerna Energi, Läge och Sedd kan inte redigeras</translation>
    </message>
    <message>
        <source>Fill down</source>
        <translation>Fyll nedåt</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Rensa</translation>
    </message>
</context>
<context>
    <name>SiteList</name>
    <message>
        <source>Modules of the site</source>
        <translation>Anläggningens moduler</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Kolumner</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Klistra in</translation>
    </message>
    <message>
        <source>Fill down</source>
        <translation>Fyll nedåt</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Rensa</translation>
    </message>
    <message>
        <source>Add a row</source>
        <translation>Lägg till en rad</translation>
    </message>
    <message>
        <source>The site has as many rows as it can have</source>
        <translation>Anläggningen har så många rader som den kan ha</translation>
    </message>
    <message>
        <source>Remove rows</source>
        <translation>Ta bort rader</translation>
    </message>
    <message>
        <source>Cells</source>
        <translation>Celler</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopiera</translation>
    </message>
    <message>
        <source>Fill all rows below</source>
        <translation>Fyll alla rader nedanför</translation>
    </message>
    <message>
        <source>Enter: next row. Ctrl+Enter: all rows below too.</source>
        <translation>Enter: nästa rad. Ctrl+Enter: även alla rader nedanför.</translation>
    </message>
</context>
<context>
    <name>SiteMenu</name>
    <message>
        <source>Practice site</source>
        <translation>Övningsanläggning</translation>
    </message>
    <message>
        <source>Site without a name</source>
        <translation>Anläggning utan namn</translation>
    </message>
    <message>
        <source>Opening...</source>
        <translation>Öppnar...</translation>
    </message>
    <message>
        <source>Site: {0}</source>
        <translation>Anläggning: {0}</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}</source>
        <translation>{0} kan inte skrivas: {1}</translation>
    </message>
    <message>
        <source>Kept in {0}</source>
        <translation>Sparas i {0}</translation>
    </message>
    <message>
        <source>The site of simulated modules is forgotten when the program ends</source>
        <translation>De simulerade modulernas anläggning glöms när programmet avslutas</translation>
    </message>
    <message>
        <source>Kept in the program&apos;s own folder until it is saved under a name</source>
        <translation>Sparas i programmets egen mapp tills den har sparats med ett namn</translation>
    </message>
    <message>
        <source>The site is being opened</source>
        <translation>Anläggningen öppnas</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Anläggning</translation>
    </message>
    <message>
        <source>New site...</source>
        <translation>Ny anläggning...</translation>
    </message>
    <message>
        <source>Open a site...</source>
        <translation>Öppna en anläggning...</translation>
    </message>
    <message>
        <source>Save under another name...</source>
        <translation>Spara med ett annat namn...</translation>
    </message>
    <message>
        <source>Close: the site without a name</source>
        <translation>Stäng: anläggningen utan namn</translation>
    </message>
    <message>
        <source>Name, customer and note...</source>
        <translation>Namn, kund och anteckning...</translation>
    </message>
    <message>
        <source>Take a list or plan from Excel or CSV...</source>
        <translation>Hämta en lista eller plan från Excel eller CSV...</translation>
    </message>
    <message>
        <source>Save the list as a plan...</source>
        <translation>Spara listan som plan...</translation>
    </message>
    <message>
        <source>Begin a new visit...</source>
        <translation>Börja ett nytt besök...</translation>
    </message>
    <message>
        <source>site</source>
        <translation>anläggning</translation>
    </message>
    <message>
        <source>New site</source>
        <translation>Ny anläggning</translation>
    </message>
    <message>
        <source>Open a site</source>
        <translation>Öppna en anläggning</translation>
    </message>
    <message>
        <source>Save the site</source>
        <translation>Spara anläggningen</translation>
    </message>
    <message>
        <source>Sites (*{0});;All files (*)</source>
        <translation>Anläggningar (*{0});;Alla filer (*)</translation>
    </message>
    <message>
        <source>Excel and CSV (*.xlsx *.csv *.txt);;All files (*)</source>
        <translation>Excel och CSV (*.xlsx *.csv *.txt);;Alla filer (*)</translation>
    </message>
    <message>
        <source>Take a list or plan</source>
        <translation>Hämta en lista eller plan</translation>
    </message>
    <message>
        <source>Plan {0}</source>
        <translation>Plan {0}</translation>
    </message>
    <message>
        <source>{0}: rows matched {1}, rows added {2}</source>
        <translation>{0}: rader som hittades {1}, rader som lades till {2}</translation>
    </message>
    <message>
        <source>columns that are not used: {0}</source>
        <translation>kolumner som inte används: {0}</translation>
    </message>
    <message>
        <source>Save the list as a plan</source>
        <translation>Spara listan som plan</translation>
    </message>
    <message>
        <source>A new visit compares with what is known now. Readings and the snapshots of the present visit are put aside as those of the last visit. This cannot be undone.</source>
        <translation>Ett nytt besök jämförs med det som är känt nu. Det pågående besökets avläsningar och ögonblicksbilder läggs undan som det förra besökets. Det går inte att ångra.</translation>
    </message>
    <message>
        <source>A new visit has begun</source>
        <translation>Ett nytt besök har börjat</translation>
    </message>
    <message>
        <source>New visit</source>
        <translation>Nytt besök</translation>
    </message>
    <message>
        <source>Begin a new visit</source>
        <translation>Börja ett nytt besök</translation>
    </message>
    <message>
        <source>{0}, rows of the site that are not in it {1}</source>
        <translation>{0}, rader i anläggningen som inte finns i den {1}</translation>
    </message>
    <message>
        <source>{0} was not opened: disconnect the practice bus first, then open the site of a real bus</source>
        <translation>{0} öppnades inte: koppla först från övningsbussen och öppna sedan anläggningen med den riktiga bussen</translation>
    </message>
    <message>
        <source>{0} was not taken: another site was opened meanwhile; take it again if it is for that</source>
        <translation>{0} hämtades inte: en annan anläggning öppnades under tiden; hämta den igen om den gäller den anläggningen</translation>
    </message>
</context>
<context>
    <name>SiteModel</name>
    <message>
        <source>{0} is no longer there; open the site from its new place</source>
        <translation>{0} finns inte längre; öppna anläggningen från dess nya plats</translation>
    </message>
    <message>
        <source>Site saved to {0}; changes are kept there from now on</source>
        <translation>Anläggningen sparad i {0}; ändringar sparas där från och med nu</translation>
    </message>
    <message>
        <source>The unnamed site cannot be used: {0}. It is kept as {1}, and an empty one is begun.</source>
        <translation>Anläggningen utan namn kan inte användas: {0}. Den har sparats som {1}, och en tom börjas.</translation>
    </message>
    <message>
        <source>The site cannot be opened: {0}</source>
        <translation>Anläggningen kan inte öppnas: {0}</translation>
    </message>
    <message>
        <source>{0} was not opened: another site is being opened; open it again afterwards</source>
        <translation>{0} öppnades inte: en annan anläggning håller på att öppnas; öppna den igen efteråt</translation>
    </message>
</context>
<context>
    <name>SitePanel</name>
    <message>
        <source>Search the list</source>
        <translation>Sök i listan</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Sök</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Ångra</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Gör om</translation>
    </message>
    <message>
        <source>Add a row</source>
        <translation>Lägg till en rad</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Kolumner</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detaljer</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Granska</translation>
    </message>
    <message>
        <source>No differences</source>
        <translation>Inga skillnader</translation>
    </message>
    <message>
        <source>{0}; selected: {1}</source>
        <translation>{0}; markerat: {1}</translation>
    </message>
    <message>
        <source>The site is being opened</source>
        <translation>Anläggningen öppnas</translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation>Inget att ångra</translation>
    </message>
    <message>
        <source>Undo: {0} (Ctrl+Z)</source>
        <translation>Ångra: {0} (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo: {0} (Ctrl+Y)</source>
        <translation>Gör om: {0} (Ctrl+Y)</translation>
    </message>
    <message>
        <source>Nothing to redo</source>
        <translation>Inget att göra om</translation>
    </message>
    <message>
        <source>Add a row that waits for its module</source>
        <translation>Lägg till en rad som väntar på sin modul</translation>
    </message>
    <message>
        <source>Nothing is wanted that the modules do not have</source>
        <translation>Inget önskas som modulerna inte redan har</translation>
    </message>
    <message>
        <source>No row contains the searched text</source>
        <translation>Ingen rad innehåller den sökta texten</translation>
    </message>
    <message>
        <source>Search the bus, scan labels, or paste flats and meter numbers from Excel (Ctrl+V). Modules that are found get their rows here.</source>
        <translation>Sök igenom bussen, skanna etiketter eller klistra in lägenheter och mätarnummer från Excel (Ctrl+V). Moduler som hittas får sina rader här.</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energi</translation>
    </message>
    <message>
        <source>Usual register, 1.8.0</source>
        <translation>Vanligt register, 1.8.0</translation>
    </message>
    <message>
        <source>Take a list...</source>
        <translation>Hämta en lista...</translation>
    </message>
    <message>
        <source>Flats, meter numbers and settings from an Excel or CSV file</source>
        <translation>Lägenheter, mätarnummer och inställningar från en Excel- eller CSV-fil</translation>
    </message>
    <message>
        <source>Show what will be written, and write it there</source>
        <translation>Visa vad som ska skrivas, och skriv det där</translation>
    </message>
    <message>
        <source>Write it: the first module alone, then you decide about the others</source>
        <translation>Skriv: den första modulen ensam, sedan bestämmer du om de andra</translation>
    </message>
    <message>
        <source>Modules appear here as they answer</source>
        <translation>Moduler visas här när de svarar</translation>
    </message>
</context>
<context>
    <name>SiteReadings</name>
    <message>
        <source>The cyclic reading every {0} min stopped when the program ended: connect the master port and start it again</source>
        <translation>Den cykliska avläsningen var {0}:e min stannade när programmet avslutades: anslut masterporten och starta den igen</translation>
    </message>
    <message>
        <source>The cyclic reading was stopped, because another site is open</source>
        <translation>Den cykliska avläsningen stoppades, eftersom en annan anläggning är öppen</translation>
    </message>
    <message>
        <source>The reading has ended. Modules read: {0} of {1}</source>
        <translation>Avläsningen är avslutad. Avlästa moduler: {0} av {1}</translation>
    </message>
    <message>
        <source>The reading was stopped. Modules read: {0} of {1}</source>
        <translation>Avläsningen avbröts. Avlästa moduler: {0} av {1}</translation>
    </message>
    <message>
        <source>{0}. Incomplete or not read: {1}</source>
        <translation>{0}. Ofullständigt eller inte avlästa: {1}</translation>
    </message>
</context>
<context>
    <name>SiteReadingsView</name>
    <message>
        <source>Stop reading</source>
        <translation>Stoppa avläsningen</translation>
    </message>
    <message>
        <source>Interval of the cyclic reading</source>
        <translation>Intervall för cyklisk avläsning</translation>
    </message>
    <message>
        <source>Progress of the reading</source>
        <translation>Avläsningens förlopp</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Värden</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Svar</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Visas</translation>
    </message>
    <message>
        <source>Choose OBIS codes</source>
        <translation>Välj OBIS-koder</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Kopiera tabellen</translation>
    </message>
    <message>
        <source>Save table...</source>
        <translation>Spara tabellen...</translation>
    </message>
    <message>
        <source>Values of all modules</source>
        <translation>Värden för alla moduler</translation>
    </message>
    <message>
        <source>Answers of one module by hours</source>
        <translation>En moduls svar per timme</translation>
    </message>
    <message>
        <source>OBIS codes in the table</source>
        <translation>OBIS-koder i tabellen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alla</translation>
    </message>
    <message>
        <source>Only energy registers</source>
        <translation>Endast energiregister</translation>
    </message>
    <message>
        <source>every minute</source>
        <translation>varje minut</translation>
    </message>
    <message>
        <source>every {0} min</source>
        <translation>var {0}:e min</translation>
    </message>
    <message>
        <source>every hour</source>
        <translation>varje timme</translation>
    </message>
    <message>
        <source>every {0} h</source>
        <translation>var {0}:e timme</translation>
    </message>
    <message>
        <source>No module has been found yet: search the bus first</source>
        <translation>Ingen modul har hittats än: sök av bussen först</translation>
    </message>
    <message>
        <source>Read {0}</source>
        <translation>Läs av {0}</translation>
    </message>
    <message>
        <source>Read all telegrams of each module</source>
        <translation>Läs alla telegram från varje modul</translation>
    </message>
    <message>
        <source>Stop cyclic reading</source>
        <translation>Stoppa cyklisk avläsning</translation>
    </message>
    <message>
        <source>Start cyclic reading</source>
        <translation>Starta cyklisk avläsning</translation>
    </message>
    <message>
        <source>All modules are read at times aligned to the clock, until you stop it</source>
        <translation>Alla moduler läses av vid jämna klockslag tills du stoppar det</translation>
    </message>
    <message>
        <source>The table is empty</source>
        <translation>Tabellen är tom</translation>
    </message>
    <message>
        <source>Save as an Excel or CSV file</source>
        <translation>Spara som Excel- eller CSV-fil</translation>
    </message>
    <message>
        <source>Copy for a spreadsheet</source>
        <translation>Kopiera för ett kalkylprogram</translation>
    </message>
    <message>
        <source>Reading: {0} ({1} of {2})</source>
        <translation>Läser av: {0} ({1} av {2})</translation>
    </message>
    <message>
        <source>Next round at {0}</source>
        <translation>Nästa omgång kl. {0}</translation>
    </message>
    <message>
        <source>Read in this visit: {0}</source>
        <translation>Avlästa vid detta besök: {0}</translation>
    </message>
    <message>
        <source>{0} since {1}</source>
        <translation>{0} sedan {1}</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} och {1} till</translation>
    </message>
    <message>
        <source>Missing: {0}</source>
        <translation>Saknas: {0}</translation>
    </message>
    <message>
        <source>How well the modules answer</source>
        <translation>Hur väl modulerna svarar</translation>
    </message>
    <message>
        <source>The site has no modules yet</source>
        <translation>Anläggningen har inga moduler än</translation>
    </message>
    <message>
        <source>{0}, counted since {1}</source>
        <translation>{0}, räknat sedan {1}</translation>
    </message>
    <message>
        <source>Nothing was asked of this module yet</source>
        <translation>Den här modulen har inte tillfrågats än</translation>
    </message>
    <message>
        <source>Stairs B, flat 1203</source>
        <translation>Trappa B, lägenhet 1203</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>Svarar inte</translation>
    </message>
    <message>
        <source>Save the answers</source>
        <translation>Spara svaren</translation>
    </message>
    <message>
        <source>Save the values</source>
        <translation>Spara värdena</translation>
    </message>
    <message>
        <source>Table copied</source>
        <translation>Tabellen är kopierad</translation>
    </message>
    <message>
        <source>The table is being prepared</source>
        <translation>Tabellen förbereds</translation>
    </message>
</context>
<context>
    <name>SiteRehearsal</name>
    <message>
        <source>This site is simulated already</source>
        <translation>Den här anläggningen är redan simulerad</translation>
    </message>
    <message>
        <source>The site is being opened</source>
        <translation>Anläggningen öppnas</translation>
    </message>
    <message>
        <source>The site has no modules yet</source>
        <translation>Anläggningen har inga moduler än</translation>
    </message>
    <message>
        <source>Another operation is running on the bus</source>
        <translation>En annan åtgärd pågår på bussen</translation>
    </message>
</context>
<context>
    <name>SiteStore</name>
    <message>
        <source>Changes that could not be written to {0} earlier were recovered</source>
        <translation>Ändringar som tidigare inte kunde skrivas till {0} har återställts</translation>
    </message>
    <message>
        <source>The site could not be saved to {0} ({1}); choose another folder</source>
        <translation>Anläggningen kunde inte sparas i {0} ({1}); välj en annan mapp</translation>
    </message>
    <message>
        <source>{0} could not be written ({1}). The changes are kept in this program&apos;s own folder and written when the file can be written again.</source>
        <translation>{0} kunde inte skrivas ({1}). Ändringarna sparas i programmets egen mapp och skrivs när filen kan skrivas igen.</translation>
    </message>
</context>
<context>
    <name>SiteTableModel</name>
    <message>
        <source>Flat</source>
        <translation>Lägenhet</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adress</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>Rate map</source>
        <translation>Tarifftabell</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>Variant</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Anteckning</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energi</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Tillstånd</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>Sedd</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>väntar</translation>
    </message>
    <message>
        <source>No module was found for this row yet</source>
        <translation>Ingen modul har hittats för raden än</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>borta</translation>
    </message>
    <message>
        <source>The last search did not find it</source>
        <translation>Den senaste sökningen hittade den inte</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>osäker</translation>
    </message>
    <message>
        <source>A change may have been sent, and its end is not known</source>
        <translation>En ändring kan ha skickats, och hur den slutade är inte känt</translation>
    </message>
    <message>
        <source>failed: {0}</source>
        <translation>misslyckades: {0}</translation>
    </message>
    <message>
        <source>found</source>
        <translation>hittad</translation>
    </message>
    <message>
        <source>The list has meter {0}, but the module reads meter {1}</source>
        <translation>Listan har mätare {0}, men modulen läser mätare {1}</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>inte känt</translation>
    </message>
    <message>
        <source>The module has: {0}
Wanted: {1}</source>
        <translation>Modulen har: {0}
Önskat: {1}</translation>
    </message>
    <message>
        <source>{0} is wanted</source>
        <translation>{0} önskas</translation>
    </message>
    <message>
        <source>{0} was {1} at the last visit</source>
        <translation>{0} var {1} vid förra besöket</translation>
    </message>
</context>
<context>
    <name>SlavePanel</name>
    <message>
        <source>Only the first telegram, received during the scan. Use Read to get all telegrams.</source>
        <translation>Bara första telegrammet, från sökningen. Läs av hämtar alla.</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Stoppa avläsning</translation>
    </message>
    <message>
        <source>Configure</source>
        <translation>Konfigurera</translation>
    </message>
    <message>
        <source>Show readings</source>
        <translation>Visa avläsningar</translation>
    </message>
    <message>
        <source>Serial number on the label</source>
        <translation>Serienummer på etiketten</translation>
    </message>
    <message>
        <source>Identify</source>
        <translation>Identifiera</translation>
    </message>
    <message>
        <source>Values of the chosen module</source>
        <translation>Den valda modulens värden</translation>
    </message>
    <message>
        <source>Secondary address</source>
        <translation>Sekundäradress</translation>
    </message>
    <message>
        <source>Primary address</source>
        <translation>Primäradress</translation>
    </message>
    <message>
        <source>Maker</source>
        <translation>Fabrikat</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>Access number</source>
        <translation>Åtkomstnummer</translation>
    </message>
    <message>
        <source>Last read</source>
        <translation>Senast avläst</translation>
    </message>
    <message>
        <source>Choose a module in the list to read, identify or configure it</source>
        <translation>Välj en modul i listan för att läsa av, identifiera eller konfigurera den</translation>
    </message>
    <message>
        <source>Reading, {0} telegrams so far</source>
        <translation>Läser av, {0} telegram hittills</translation>
    </message>
    <message>
        <source>Address {0}</source>
        <translation>Adress {0}</translation>
    </message>
    <message>
        <source>Nothing can be read because of the collision</source>
        <translation>Inget kan läsas av på grund av kollisionen</translation>
    </message>
    <message>
        <source>The module sent no values</source>
        <translation>Modulen skickade inga värden</translation>
    </message>
    <message>
        <source>Read the module to see its values</source>
        <translation>Läs av modulen för att se dess värden</translation>
    </message>
    <message>
        <source>never</source>
        <translation>aldrig</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>nyss</translation>
    </message>
    <message>
        <source>{0} ago</source>
        <translation>för {0} sedan</translation>
    </message>
    <message>
        <source>{0} bit/s</source>
        <translation>{0} bit/s</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Läs av</translation>
    </message>
    <message>
        <source>Read all its telegrams (Enter in the list)</source>
        <translation>Läs av alla dess telegram (Enter i listan)</translation>
    </message>
    <message>
        <source>Only modules of Elvaco (ELV) can be configured here</source>
        <translation>Bara moduler från Elvaco (ELV) kan konfigureras här</translation>
    </message>
    <message>
        <source>A scan is running; cancel it first</source>
        <translation>En sökning pågår; avbryt den först</translation>
    </message>
    <message>
        <source>Open its settings</source>
        <translation>Öppna dess inställningar</translation>
    </message>
    <message>
        <source>Read the module first; then you can show and plot the values of its meter</source>
        <translation>Läs av modulen först; sedan kan du visa dess mätares värden och rita dem i diagram</translation>
    </message>
    <message>
        <source>Only a CMi1020 sends the data lines of its meter; the values of this slave are in the table</source>
        <translation>Bara en CMi1020 skickar sin mätares datarader; denna slavs värden finns i tabellen</translation>
    </message>
    <message>
        <source>Show the values of its meter on the page Readings</source>
        <translation>Visa dess mätares värden på sidan Avläsningar</translation>
    </message>
    <message>
        <source>Select and read the module and compare it with the label; without a number, only show its own number</source>
        <translation>Välj och läs av modulen och jämför den med etiketten; utan nummer visas bara dess eget nummer</translation>
    </message>
    <message>
        <source>No known address reaches this module alone</source>
        <translation>Ingen känd adress når enbart denna modul</translation>
    </message>
    <message>
        <source>Connect the master port first</source>
        <translation>Anslut masterporten först</translation>
    </message>
    <message>
        <source>A request to this module is already running</source>
        <translation>En begäran till modulen pågår redan</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Slave {0}</source>
        <translation>Slav {0}</translation>
    </message>
</context>
<context>
    <name>StatisticsModel</name>
    <message>
        <source>Curve</source>
        <translation>Kurva</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Senaste</translation>
    </message>
    <message>
        <source>Min</source>
        <translation>Min</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Medel</translation>
    </message>
    <message>
        <source>Max</source>
        <translation>Max</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändring</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Primary address {0}</source>
        <translation>Primäradress {0}</translation>
    </message>
    <message>
        <source>No link is open</source>
        <translation>Ingen länk är öppen</translation>
    </message>
    <message>
        <source>Bus stopped</source>
        <translation>Bussen stoppad</translation>
    </message>
    <message>
        <source>Bus: link down</source>
        <translation>Buss: länken nere</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>SIMULERAD</translation>
    </message>
    <message>
        <source>The chosen module and its meter are simulated: no real meter is touched</source>
        <translation>Den valda modulen och dess mätare är simulerade: ingen riktig mätare berörs</translation>
    </message>
    <message>
        <source>REAL METER {0}</source>
        <translation>RIKTIG MÄTARE {0}</translation>
    </message>
    <message>
        <source>The built-in module controls a real meter: its push button switches a real disconnector</source>
        <translation>Den inbyggda modulen styr en riktig mätare: dess tryckknapp ställer om en riktig brytare</translation>
    </message>
    <message>
        <source>REAL BUS {0}</source>
        <translation>RIKTIG BUSS {0}</translation>
    </message>
    <message>
        <source>The chosen module is on a real bus: commands to it act on real equipment</source>
        <translation>Den valda modulen finns på en riktig buss: kommandon till den påverkar verklig utrustning</translation>
    </message>
    <message>
        <source>Not available: its bus is disconnected</source>
        <translation>Inte tillgänglig: dess buss är frånkopplad</translation>
    </message>
    <message>
        <source>Not available: it is no longer in the list</source>
        <translation>Inte tillgänglig: den finns inte längre i listan</translation>
    </message>
    <message>
        <source>Not available: no answer to the last request</source>
        <translation>Inte tillgänglig: inget svar på senaste begäran</translation>
    </message>
    <message>
        <source>Bus: not connected</source>
        <translation>Buss: inte ansluten</translation>
    </message>
    <message>
        <source>Real bus</source>
        <translation>Riktig buss</translation>
    </message>
    <message>
        <source>Read it on the page Site</source>
        <translation>Läs av den på sidan Anläggning</translation>
    </message>
    <message>
        <source>without a number</source>
        <translation>utan nummer</translation>
    </message>
    <message>
        <source>Bus: no voltage</source>
        <translation>Buss: ingen spänning</translation>
    </message>
    <message>
        <source>Bus {0}, below {1}</source>
        <translation>Buss {0}, under {1}</translation>
    </message>
    <message>
        <source>Bus {0}, above {1}</source>
        <translation>Buss {0}, över {1}</translation>
    </message>
    <message>
        <source>Real bus, {0} bit/s</source>
        <translation>Riktig buss, {0} bit/s</translation>
    </message>
    <message>
        <source>Bus {0}, {1} bit/s</source>
        <translation>Buss {0}, {1} bit/s</translation>
    </message>
    <message>
        <source>Meter: link down</source>
        <translation>Mätare: länken nere</translation>
    </message>
    <message>
        <source>Meter: not connected</source>
        <translation>Mätare: inte ansluten</translation>
    </message>
    <message>
        <source>Meter: not read</source>
        <translation>Mätare: inte avläst</translation>
    </message>
    <message>
        <source>The module has no power</source>
        <translation>Modulen är spänningslös</translation>
    </message>
    <message>
        <source>Read just now</source>
        <translation>Avläst nyss</translation>
    </message>
    <message>
        <source>Read {0} ago</source>
        <translation>Avläst för {0} sedan</translation>
    </message>
    <message>
        <source>Meter {0}</source>
        <translation>Mätare {0}</translation>
    </message>
    <message>
        <source>Meter: reading paused</source>
        <translation>Mätare: avläsning pausad</translation>
    </message>
    <message>
        <source>The optical head can be used</source>
        <translation>Läshuvudet kan användas</translation>
    </message>
    <message>
        <source>Meter: first readout</source>
        <translation>Mätare: första avläsning</translation>
    </message>
    <message>
        <source>About to begin</source>
        <translation>Börjar strax</translation>
    </message>
    <message>
        <source>Meter: no contact</source>
        <translation>Mätare: ingen kontakt</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Spelar inte in</translation>
    </message>
    <message>
        <source>{0}, {1} telegrams</source>
        <translation>{0}, {1} telegram</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Spelar in</translation>
    </message>
    <message>
        <source>Reading, line {0} of {1}</source>
        <translation>Läser av, rad {0} av {1}</translation>
    </message>
    <message>
        <source>Reading, line {0}</source>
        <translation>Läser av, rad {0}</translation>
    </message>
    <message>
        <source>Next try in {0}</source>
        <translation>Nästa försök om {0}</translation>
    </message>
    <message>
        <source>{0}, meter {1}</source>
        <translation>{0}, mätare {1}</translation>
    </message>
    <message>
        <source>Serves {0}, {1} bit/s</source>
        <translation>Svarar på {0}, {1} bit/s</translation>
    </message>
    <message>
        <source>Practice bus, {0} bit/s</source>
        <translation>Övningsbuss, {0} bit/s</translation>
    </message>
    <message>
        <source>Masters: practice bus</source>
        <translation>Mastrar: övningsbuss</translation>
    </message>
    <message>
        <source>PRACTICE BUS</source>
        <translation>ÖVNINGSBUSS</translation>
    </message>
    <message>
        <source>The chosen module is on the practice bus: it and its meter are simulated in this program</source>
        <translation>Den valda modulen finns på övningsbussen: den och dess mätare är simulerade i det här programmet</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>flat {0}</source>
        <translation>lägenhet {0}</translation>
    </message>
</context>
<context>
    <name>StepBar</name>
    <message>
        <source>Steps of the visit</source>
        <translation>Besökets steg</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Anslut</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Sök</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>Fördela</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Skriv</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Läs av</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>{0} of {1} modules have a flat</source>
        <translation>{0} av {1} moduler har en lägenhet</translation>
    </message>
    <message>
        <source>{0} of {1} modules were read in this visit</source>
        <translation>{0} av {1} moduler har lästs av under besöket</translation>
    </message>
    <message>
        <source>PDF, Excel</source>
        <translation>PDF, Excel</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>ansluten</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>öppnar</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>inte ansluten</translation>
    </message>
    <message>
        <source>no connection</source>
        <translation>ingen anslutning</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} av {1}</translation>
    </message>
    <message>
        <source>{0} modules are lost</source>
        <translation>{0} moduler är borta</translation>
    </message>
    <message>
        <source>{0} of {1} rows have a module</source>
        <translation>{0} av {1} rader har en modul</translation>
    </message>
    <message>
        <source>{0} unsure or failed</source>
        <translation>{0} osäkra eller misslyckade</translation>
    </message>
    <message>
        <source>{0} to write</source>
        <translation>{0} att skriva</translation>
    </message>
    <message>
        <source>written</source>
        <translation>skrivet</translation>
    </message>
    <message>
        <source>nothing to write</source>
        <translation>inget att skriva</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>inget än</translation>
    </message>
    <message>
        <source>found: {0}</source>
        <translation>hittade: {0}</translation>
    </message>
</context>
<context>
    <name>Tables</name>
    <message>
        <source>Excel</source>
        <translation>Excel</translation>
    </message>
    <message>
        <source>CSV for Excel: semicolon, decimal comma</source>
        <translation>CSV för Excel: semikolon, decimalkomma</translation>
    </message>
    <message>
        <source>CSV for Excel: comma, decimal point</source>
        <translation>CSV för Excel: kommatecken, decimalpunkt</translation>
    </message>
    <message>
        <source>CSV for Excel: separator {0}, decimal sign {1}</source>
        <translation>CSV för Excel: avgränsare {0}, decimaltecken {1}</translation>
    </message>
    <message>
        <source>CSV, RFC 4180: comma, decimal point</source>
        <translation>CSV, RFC 4180: kommatecken, decimalpunkt</translation>
    </message>
    <message>
        <source>Table saved to {0}</source>
        <translation>Tabellen är sparad i {0}</translation>
    </message>
    <message>
        <source>{0} is still being written</source>
        <translation>{0} skrivs fortfarande</translation>
    </message>
    <message>
        <source>{0} could not be written ({1}); choose another location</source>
        <translation>{0} kunde inte skrivas ({1}); välj en annan plats</translation>
    </message>
</context>
<context>
    <name>TargetChoice</name>
    <message>
        <source>The module that Configuration, Readings and Diagnostics work on</source>
        <translation>Modulen som Konfiguration, Avläsningar och Felsökning arbetar med</translation>
    </message>
    <message>
        <source>{0}, not available</source>
        <translation>{0}, inte tillgänglig</translation>
    </message>
    <message>
        <source>Find modules on a bus...</source>
        <translation>Hitta moduler på en buss...</translation>
    </message>
</context>
<context>
    <name>Technical</name>
    <message>
        <source>Bytes of {0}: {1}</source>
        <translation>Byte för {0}: {1}</translation>
    </message>
</context>
<context>
    <name>TelegramBuilder</name>
    <message>
        <source>hex octets are needed, {0} at most</source>
        <translation>hexoktetter behövs, högst {0}</translation>
    </message>
    <message>
        <source>an address is 0 to 255</source>
        <translation>en adress är 0 till 255</translation>
    </message>
    <message>
        <source>Short</source>
        <translation>Kort</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>Styr</translation>
    </message>
    <message>
        <source>Long</source>
        <translation>Långt</translation>
    </message>
    <message>
        <source>Kind of telegram</source>
        <translation>Typ av telegram</translation>
    </message>
    <message>
        <source>C field</source>
        <translation>C-fält</translation>
    </message>
    <message>
        <source>Frame count bit</source>
        <translation>Ramräknebit (FCB)</translation>
    </message>
    <message>
        <source>The frame count bit is valid</source>
        <translation>Ramräknebiten gäller</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adress</translation>
    </message>
    <message>
        <source>CI field in hex</source>
        <translation>CI-fält i hex</translation>
    </message>
    <message>
        <source>50 application reset, 51 data, 52 selection, B8 to BF speed</source>
        <translation>50 applikationsåterställning, 51 data, 52 val, B8 till BF hastighet</translation>
    </message>
    <message>
        <source>Data in hex</source>
        <translation>Data i hex</translation>
    </message>
    <message>
        <source>DIF, VIF and value of each record</source>
        <translation>DIF, VIF och värde för varje post</translation>
    </message>
    <message>
        <source>Wrong checksum</source>
        <translation>Fel kontrollsumma</translation>
    </message>
    <message>
        <source>To test that a slave ignores a damaged telegram</source>
        <translation>För att prova att en slav ignorerar ett skadat telegram</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Data</translation>
    </message>
</context>
<context>
    <name>TelegramDetail</name>
    <message>
        <source>The fields of the selected telegram</source>
        <translation>Det valda telegrammets fält</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Fält</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Betydelse</translation>
    </message>
    <message>
        <source>Select a row to see its fields</source>
        <translation>Välj en rad för att se dess fält</translation>
    </message>
    <message>
        <source>The selected telegram in hex</source>
        <translation>Det valda telegrammet i hex</translation>
    </message>
    <message>
        <source>Select a row to see its bytes</source>
        <translation>Välj en rad för att se dess byte</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>Fält</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Byte</translation>
    </message>
    <message>
        <source>Byte {0}</source>
        <translation>Byte {0}</translation>
    </message>
    <message>
        <source>Bytes {0} to {1}</source>
        <translation>Byte {0} till {1}</translation>
    </message>
    <message>
        <source>answer after {0} at {1} bit/s</source>
        <translation>svar efter {0} vid {1} bit/s</translation>
    </message>
    <message>
        <source>module {0}</source>
        <translation>modul {0}</translation>
    </message>
</context>
<context>
    <name>TimeSection</name>
    <message>
        <source>Simulated time</source>
        <translation>Simulerad tid</translation>
    </message>
    <message>
        <source>Speed of the time</source>
        <translation>Tidens hastighet</translation>
    </message>
    <message>
        <source>Date and time to set</source>
        <translation>Datum och tid att ställa in</translation>
    </message>
    <message>
        <source>Set the time</source>
        <translation>Ställ tiden</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Hastighet</translation>
    </message>
    <message>
        <source>The time cannot be changed while a real meter is wired</source>
        <translation>Tiden kan inte ändras medan en riktig mätare är kopplad</translation>
    </message>
    <message>
        <source>{0}, {1} behind</source>
        <translation>{0}, {1} efter</translation>
    </message>
    <message>
        <source>How many times as fast the time of modules and meters passes</source>
        <translation>Hur många gånger så fort modulernas och mätarnas tid går</translation>
    </message>
    <message>
        <source>Enter a date and time first</source>
        <translation>Ange datum och tid först</translation>
    </message>
    <message>
        <source>Energy is counted as if the time had passed</source>
        <translation>Energin räknas som om tiden hade gått</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Traffic</source>
        <translation>Trafik</translation>
    </message>
    <message>
        <source>All telegrams</source>
        <translation>Alla telegram</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Senaste</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Vy</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Följ</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Paus</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Rensa</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>Öppna...</translation>
    </message>
    <message>
        <source>Open a capture or the log of another tool (Ctrl+O), or one of the files used last</source>
        <translation>Öppna en inspelning eller ett annat verktygs logg (Ctrl+O), eller en av de senast använda filerna</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mer</translation>
    </message>
    <message>
        <source>Save all lines shown...</source>
        <translation>Spara alla visade rader...</translation>
    </message>
    <message>
        <source>Keep in memory</source>
        <translation>Behåll i minnet</translation>
    </message>
    <message>
        <source>At most {0} MiB</source>
        <translation>Högst {0} MiB</translation>
    </message>
    <message>
        <source>Not available for an opened file; close the file first</source>
        <translation>Inte tillgängligt för en öppnad fil; stäng filen först</translation>
    </message>
    <message>
        <source>Keep the newest row in view</source>
        <translation>Håll den nyaste raden synlig</translation>
    </message>
    <message>
        <source>Freeze the list; traffic is still collected</source>
        <translation>Frys listan; trafiken samlas ändå in</translation>
    </message>
    <message>
        <source>Remove all rows; a recording keeps them in its file</source>
        <translation>Ta bort alla rader; en inspelning behåller dem i sin fil</translation>
    </message>
    <message>
        <source>All telegrams; one line per kind with changes marked; bookmarks with their notes; answer times</source>
        <translation>Alla telegram; en rad per slag med ändringar markerade; bokmärken med anteckningar; svarstider</translation>
    </message>
    <message>
        <source>Answer times</source>
        <translation>Svarstider</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>Bokmärken</translation>
    </message>
    <message>
        <source>Colour rules...</source>
        <translation>Färgregler...</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>A module in its meter</source>
        <translation>En modul i sin mätare</translation>
    </message>
    <message>
        <source>This is a simulated CMi1020 with a real meter. The picture of the meter shows what was read from it last.</source>
        <translation>Detta är en simulerad CMi1020 med en riktig mätare. Bilden av mätaren visar det som senast lästes av från den.</translation>
    </message>
    <message>
        <source>This is a CMi1020 in an E350 meter. Both are simulated and behave like the real ones, second by second.</source>
        <translation>Detta är en CMi1020 i en E350-mätare. Båda är simulerade och beter sig som de riktiga, sekund för sekund.</translation>
    </message>
    <message>
        <source>Press the button</source>
        <translation>Tryck på knappen</translation>
    </message>
    <message>
        <source>Switch the real meter</source>
        <translation>Ställ om den riktiga mätaren</translation>
    </message>
    <message>
        <source>The push button opens or closes the disconnector of the real meter. Opening it cuts off the power to the installation. Switching takes about 10 seconds, and the next readout shows the result.</source>
        <translation>Tryckknappen öppnar eller sluter den riktiga mätarens brytare. När den öppnas blir anläggningen strömlös. Omställningen tar omkring 10 sekunder, och nästa avläsning visar resultatet.</translation>
    </message>
    <message>
        <source>The push button opens or closes the meter&apos;s disconnector. Switching takes about 10 seconds, and the meter&apos;s display shows the result. Drag a voltage to change it.</source>
        <translation>Tryckknappen öppnar eller sluter mätarens brytare. Omställningen tar omkring 10 sekunder, och mätarens display visar resultatet. Dra en spänning för att ändra den.</translation>
    </message>
    <message>
        <source>Two LEDs show the state</source>
        <translation>Två lysdioder visar tillståndet</translation>
    </message>
    <message>
        <source>A green flash every 5 seconds: bus and meter work. A red flash: no contact with the meter. Both dark: no voltage on the bus.</source>
        <translation>En grön blinkning var femte sekund: buss och mätare fungerar. En röd blinkning: ingen kontakt med mätaren. Båda släckta: ingen spänning på bussen.</translation>
    </message>
    <message>
        <source>All readings of the meter</source>
        <translation>Alla mätarens avläsningar</translation>
    </message>
    <message>
        <source>All values, with all digits. Tick a value to see its curve. Earlier readings come from the history.</source>
        <translation>Alla värden, med alla siffror. Kryssa i ett värde för att se dess kurva. Tidigare avläsningar hämtas ur historiken.</translation>
    </message>
    <message>
        <source>Every telegram, decoded</source>
        <translation>Varje telegram, avkodat</translation>
    </message>
    <message>
        <source>The telegrams of both sides, M-Bus and meter. Select a row to see its fields and bytes. The field above the table filters.</source>
        <translation>Telegrammen från båda sidor, M-Bus och mätare. Välj en rad för att se dess fält och byte. Fältet ovanför tabellen filtrerar.</translation>
    </message>
    <message>
        <source>Connect your own master</source>
        <translation>Anslut din egen master</translation>
    </message>
    <message>
        <source>It reaches the module at the address or port shown here; below you choose another. The user guide (F1) explains the details, and Diagnostics helps when something does not work.</source>
        <translation>Den når modulen på adressen eller porten som visas här; nedanför väljer du en annan. Användarhandboken (F1) förklarar detaljerna, och Felsökning hjälper när något inte fungerar.</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Hoppa över</translation>
    </message>
    <message>
        <source>End the tour (Esc)</source>
        <translation>Avsluta rundturen (Esc)</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Tillbaka</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Nästa</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} av {1}</translation>
    </message>
    <message>
        <source>Previous step (Left)</source>
        <translation>Föregående steg (Vänster)</translation>
    </message>
    <message>
        <source>This is the first step</source>
        <translation>Detta är det första steget</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Klart</translation>
    </message>
    <message>
        <source>End the tour (Right)</source>
        <translation>Avsluta rundturen (Höger)</translation>
    </message>
    <message>
        <source>Next step (Right)</source>
        <translation>Nästa steg (Höger)</translation>
    </message>
</context>
<context>
    <name>TrafficFiles</name>
    <message>
        <source>Record</source>
        <translation>Spela in</translation>
    </message>
    <message>
        <source>Record with masked passwords...</source>
        <translation>Spela in med maskerade lösenord...</translation>
    </message>
    <message>
        <source>Record with passwords in clear text...</source>
        <translation>Spela in med lösenord i klartext...</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Stoppa inspelning</translation>
    </message>
    <message>
        <source>Recording to {0}</source>
        <translation>Spelar in till {0}</translation>
    </message>
    <message>
        <source>Write all traffic to a file as it arrives</source>
        <translation>Skriv all trafik till en fil allteftersom den kommer</translation>
    </message>
    <message>
        <source>Record passwords in clear text?</source>
        <translation>Spela in lösenord i klartext?</translation>
    </message>
    <message>
        <source>Anyone who has the file can read the passwords P1 and P2 that are sent during the recording. The file contains a note about this, and only your user account can open it.</source>
        <translation>Den som har filen kan läsa lösenorden P1 och P2 som skickas under inspelningen. Filen innehåller en anmärkning om detta, och bara ditt användarkonto kan öppna den.</translation>
    </message>
    <message>
        <source>Record passwords in clear text</source>
        <translation>Spela in lösenord i klartext</translation>
    </message>
    <message>
        <source>Record traffic</source>
        <translation>Spela in trafik</translation>
    </message>
    <message>
        <source>Captures (*.txt);;All files (*)</source>
        <translation>Inspelningar (*.txt);;Alla filer (*)</translation>
    </message>
    <message>
        <source>{0} telegrams saved in {1}</source>
        <translation>{0} telegram sparade i {1}</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}</source>
        <translation>{0} kan inte skrivas: {1}</translation>
    </message>
    <message>
        <source>Save these rows</source>
        <translation>Spara dessa rader</translation>
    </message>
    <message>
        <source>Captures and logs (*.txt *.log *.hex *.csv);;All files (*)</source>
        <translation>Inspelningar och loggar (*.txt *.log *.hex *.csv);;Alla filer (*)</translation>
    </message>
    <message>
        <source>Open a capture</source>
        <translation>Öppna en inspelning</translation>
    </message>
    <message>
        <source>{0} was opened only in part: {1} lines cannot be read</source>
        <translation>{0} öppnades bara delvis: {1} rader kan inte läsas</translation>
    </message>
    <message>
        <source>{0} exceeds the memory limit; only its first {1} telegrams are shown</source>
        <translation>{0} överskrider minnesgränsen; bara dess första {1} telegram visas</translation>
    </message>
    <message>
        <source>{0} cannot be opened: {1}</source>
        <translation>{0} kan inte öppnas: {1}</translation>
    </message>
    <message>
        <source>{0} cannot be opened: it is a device or a pipe, not a file</source>
        <translation>{0} kan inte öppnas: det är en enhet eller en pipe, inte en fil</translation>
    </message>
    <message>
        <source>{0} cannot be opened: it is larger than 1 GiB</source>
        <translation>{0} kan inte öppnas: den är större än 1 GiB</translation>
    </message>
    <message>
        <source>{0} cannot be opened: it is not a text file</source>
        <translation>{0} kan inte öppnas: den är ingen textfil</translation>
    </message>
    <message>
        <source>{0} cannot be opened: this program does not support version {1} of the capture format</source>
        <translation>{0} kan inte öppnas: programmet stöder inte version {1} av inspelningsformatet</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Inspelning</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öppna</translation>
    </message>
    <message>
        <source>Open a file...</source>
        <translation>Öppna en fil...</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Töm listan</translation>
    </message>
    <message>
        <source>The file is gone</source>
        <translation>Filen är borta</translation>
    </message>
    <message>
        <source>{0} is no longer in {1}. Should it be removed from the recent files?</source>
        <translation>{0} finns inte längre i {1}. Ska den tas bort från de senaste filerna?</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Ta bort från listan</translation>
    </message>
    <message>
        <source>Capture for Wireshark</source>
        <translation>Inspelning för Wireshark</translation>
    </message>
</context>
<context>
    <name>TrafficModel</name>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>Delta</source>
        <translation>Delta</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Sida</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Riktning</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adress</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Byte</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Innehåll</translation>
    </message>
    <message>
        <source>M-Bus</source>
        <translation>M-Bus</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>inget svar</translation>
    </message>
    <message>
        <source>No answer within {0} s</source>
        <translation>Inget svar inom {0} s</translation>
    </message>
    <message>
        <source>Retry: {0}</source>
        <translation>Omförsök: {0}</translation>
    </message>
    <message>
        <source>error</source>
        <translation>fel</translation>
    </message>
    <message>
        <source>Answer after</source>
        <translation>Svar efter</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Länk</translation>
    </message>
</context>
<context>
    <name>TrafficPage</name>
    <message>
        <source>Traffic</source>
        <translation>Trafik</translation>
    </message>
    <message>
        <source>Meter</source>
        <translation>Mätare</translation>
    </message>
    <message>
        <source>The latest telegram of every kind</source>
        <translation>Det senaste telegrammet av varje slag</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Söker…</translation>
    </message>
    <message>
        <source>No telegram matches the filter</source>
        <translation>Inget telegram stämmer med filtret</translation>
    </message>
    <message>
        <source>This file contains no telegrams</source>
        <translation>Filen innehåller inga telegram</translation>
    </message>
    <message>
        <source>No telegrams yet. An M-Bus master can connect to {0}</source>
        <translation>Inga telegram ännu. En M-Bus-master kan ansluta till {0}</translation>
    </message>
    <message>
        <source>{0} telegrams</source>
        <translation>{0} telegram</translation>
    </message>
    <message>
        <source>{0} lines shown</source>
        <translation>{0} rader visas</translation>
    </message>
    <message>
        <source>older telegrams removed at {0} MiB</source>
        <translation>äldre telegram tas bort vid {0} MiB</translation>
    </message>
    <message>
        <source>{0} errors</source>
        <translation>{0} fel</translation>
    </message>
    <message>
        <source>Nothing has been received yet on {0}</source>
        <translation>Inget har tagits emot ännu på {0}</translation>
    </message>
    <message>
        <source>No link is open</source>
        <translation>Ingen länk är öppen</translation>
    </message>
    <message>
        <source>{0} new since the pause</source>
        <translation>{0} nya sedan pausen</translation>
    </message>
    <message>
        <source>searching: {0} %</source>
        <translation>söker: {0} %</translation>
    </message>
    <message>
        <source>preparing the word search: {0} %</source>
        <translation>förbereder ordsökningen: {0} %</translation>
    </message>
</context>
<context>
    <name>TrafficText</name>
    <message>
        <source>noise</source>
        <translation>brus</translation>
    </message>
    <message>
        <source>bad checksum</source>
        <translation>fel kontrollsumma</translation>
    </message>
    <message>
        <source>bad length</source>
        <translation>fel längd</translation>
    </message>
    <message>
        <source>bad frame</source>
        <translation>felaktig ram</translation>
    </message>
    <message>
        <source>truncated</source>
        <translation>avbrutet</translation>
    </message>
    <message>
        <source>break</source>
        <translation>break</translation>
    </message>
    <message>
        <source>line error</source>
        <translation>linjefel</translation>
    </message>
    <message>
        <source>too late</source>
        <translation>för sent</translation>
    </message>
    <message>
        <source>bad line</source>
        <translation>felaktig rad</translation>
    </message>
    <message>
        <source>request</source>
        <translation>begäran</translation>
    </message>
    <message>
        <source>identification</source>
        <translation>identifiering</translation>
    </message>
    <message>
        <source>command</source>
        <translation>kommando</translation>
    </message>
    <message>
        <source>data</source>
        <translation>data</translation>
    </message>
    <message>
        <source>ack</source>
        <translation>kvittens</translation>
    </message>
    <message>
        <source>master → module</source>
        <translation>master → modul</translation>
    </message>
    <message>
        <source>module → master</source>
        <translation>modul → master</translation>
    </message>
    <message>
        <source>meter → module</source>
        <translation>mätare → modul</translation>
    </message>
    <message>
        <source>module → meter</source>
        <translation>modul → mätare</translation>
    </message>
    <message>
        <source>listening: from master</source>
        <translation>lyssnar: från master</translation>
    </message>
    <message>
        <source>listening: from slave</source>
        <translation>lyssnar: från slav</translation>
    </message>
    <message>
        <source>listening: from meter</source>
        <translation>lyssnar: från mätare</translation>
    </message>
    <message>
        <source>listening: from reader</source>
        <translation>lyssnar: från läsare</translation>
    </message>
    <message>
        <source>option select</source>
        <translation>optionsval</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>byte</translation>
    </message>
    <message>
        <source>{0} ms, {1} bit</source>
        <translation>{0} ms, {1} bit</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>fel</translation>
    </message>
    <message>
        <source>overlapped</source>
        <translation>överlagrad</translation>
    </message>
    <message>
        <source>practice: from master</source>
        <translation>övning: från master</translation>
    </message>
    <message>
        <source>practice: to master</source>
        <translation>övning: till master</translation>
    </message>
</context>
<context>
    <name>ValuesModel</name>
    <message>
        <source>Code</source>
        <translation>Kod</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Betydelse</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Värde</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Enhet</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Värden</translation>
    </message>
    <message>
        <source>last value before an error</source>
        <translation>sista värdet före ett fel</translation>
    </message>
</context>
<context>
    <name>Visit</name>
    <message>
        <source>Connect the master port first</source>
        <translation>Anslut masterporten först</translation>
    </message>
    <message>
        <source>This is the simulated bus of the built-in module; connect a port or the practice bus</source>
        <translation>Det här är den inbyggda modulens simulerade buss; anslut en port eller övningsbussen</translation>
    </message>
    <message>
        <source>The site is being opened</source>
        <translation>Anläggningen öppnas</translation>
    </message>
    <message>
        <source>Another operation is running on the bus</source>
        <translation>En annan åtgärd pågår på bussen</translation>
    </message>
</context>
<context>
    <name>VisitWords</name>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Meter {0}</source>
        <translation>Mätare {0}</translation>
    </message>
    <message>
        <source>Module without a number</source>
        <translation>Modul utan nummer</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>cannot be read back</source>
        <translation>kan inte läsas tillbaka</translation>
    </message>
    <message>
        <source>1 difference</source>
        <translation>1 skillnad</translation>
    </message>
    <message>
        <source>{0} differences</source>
        <translation>{0} skillnader</translation>
    </message>
    <message>
        <source>{0} in {1}</source>
        <translation>{0} i {1}</translation>
    </message>
    <message>
        <source>1 module</source>
        <translation>1 modul</translation>
    </message>
    <message>
        <source>{0} modules</source>
        <translation>{0} moduler</translation>
    </message>
    <message>
        <source>address {0} at {1} bit/s</source>
        <translation>adress {0} med {1} bit/s</translation>
    </message>
    <message>
        <source>secondary address {0} at {1} bit/s</source>
        <translation>sekundäradress {0} med {1} bit/s</translation>
    </message>
    <message>
        <source>Write 1 change</source>
        <translation>Skriv 1 ändring</translation>
    </message>
    <message>
        <source>Write {0} changes</source>
        <translation>Skriv {0} ändringar</translation>
    </message>
</context>
<context>
    <name>WelcomeBar</name>
    <message>
        <source>Welcome</source>
        <translation>Välkommen</translation>
    </message>
    <message>
        <source>This program contains a complete CMi1020 in a simulated meter. What do you want to do?</source>
        <translation>Programmet innehåller en komplett CMi1020 i en simulerad mätare. Vad vill du göra?</translation>
    </message>
    <message>
        <source>Take the tour</source>
        <translation>Ta rundturen</translation>
    </message>
    <message>
        <source>A short tour of the window</source>
        <translation>En kort rundtur i fönstret</translation>
    </message>
    <message>
        <source>Connect a master</source>
        <translation>Anslut en master</translation>
    </message>
    <message>
        <source>Show the address to connect to, and a command that reads the module</source>
        <translation>Visa adressen att ansluta till, och ett kommando som läser av modulen</translation>
    </message>
    <message>
        <source>Work on real modules</source>
        <translation>Arbeta med riktiga moduler</translation>
    </message>
    <message>
        <source>Find, read and configure modules on an M-Bus</source>
        <translation>Hitta, läs av och konfigurera moduler på en M-Bus</translation>
    </message>
    <message>
        <source>Do not show this again</source>
        <translation>Visa inte detta igen</translation>
    </message>
    <message>
        <source>This program contains a complete CMi1020, which reads a real meter. What do you want to do?</source>
        <translation>Programmet innehåller en komplett CMi1020, som läser av en riktig mätare. Vad vill du göra?</translation>
    </message>
</context>
<context>
    <name>WireFaults</name>
    <message>
        <source>The answer is not sent; the request has been executed</source>
        <translation>Svaret skickas inte; begäran har utförts</translation>
    </message>
    <message>
        <source>The answer begins this many milliseconds later</source>
        <translation>Svaret börjar så här många millisekunder senare</translation>
    </message>
    <message>
        <source>The answer is late by a random time of up to this many milliseconds</source>
        <translation>Svaret är försenat med en slumpmässig tid på upp till så här många millisekunder</translation>
    </message>
    <message>
        <source>The answer lacks this many of its last bytes</source>
        <translation>Svaret saknar så här många av sina sista byte</translation>
    </message>
    <message>
        <source>This many bits of the answer are inverted at random</source>
        <translation>Så här många bitar i svaret inverteras slumpmässigt</translation>
    </message>
    <message>
        <source>The checksum of the answer is wrong</source>
        <translation>Svarets kontrollsumma är fel</translation>
    </message>
    <message>
        <source>A few random bytes precede the answer</source>
        <translation>Några slumpmässiga byte kommer före svaret</translation>
    </message>
    <message>
        <source>A few random bytes follow the answer</source>
        <translation>Några slumpmässiga byte kommer efter svaret</translation>
    </message>
    <message>
        <source>The answer is sent twice</source>
        <translation>Svaret skickas två gånger</translation>
    </message>
    <message>
        <source>E5 is not sent; the command has been executed</source>
        <translation>E5 skickas inte; kommandot har utförts</translation>
    </message>
    <message>
        <source>The answer has the address and the number of another module</source>
        <translation>Svaret har en annan moduls adress och nummer</translation>
    </message>
    <message>
        <source>An application error with this code takes the answer&apos;s place</source>
        <translation>Ett applikationsfel med den här koden skickas i stället för svaret</translation>
    </message>
    <message>
        <source>The application error &apos;busy&apos; takes the answer&apos;s place</source>
        <translation>Applikationsfelet &apos;busy&apos; skickas i stället för svaret</translation>
    </message>
    <message>
        <source>The telegram before it is sent in place of the next one</source>
        <translation>Det föregående telegrammet skickas i stället för nästa</translation>
    </message>
    <message>
        <source>A break takes the place of the second half of the answer</source>
        <translation>Ett avbrott (break) ersätter svarets andra halva</translation>
    </message>
    <message>
        <source>each time</source>
        <translation>varje gång</translation>
    </message>
    <message>
        <source>once</source>
        <translation>en gång</translation>
    </message>
    <message>
        <source>every N-th time</source>
        <translation>var N:te gång</translation>
    </message>
    <message>
        <source>in N % of cases</source>
        <translation>i N % av fallen</translation>
    </message>
    <message>
        <source>Faults on the wire</source>
        <translation>Fel på ledningen</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>Fel</translation>
    </message>
    <message>
        <source>Value of the fault</source>
        <translation>Felets värde</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>Hur ofta</translation>
    </message>
    <message>
        <source>Number N</source>
        <translation>Talet N</translation>
    </message>
    <message>
        <source>All modules on the wire</source>
        <translation>Alla moduler på ledningen</translation>
    </message>
    <message>
        <source>Add the fault</source>
        <translation>Lägg till felet</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Ta bort</translation>
    </message>
    <message>
        <source>Enter the number first</source>
        <translation>Ange talet först</translation>
    </message>
    <message>
        <source>The next answers have this fault</source>
        <translation>Nästa svar får det här felet</translation>
    </message>
    <message>
        <source>{0} on</source>
        <translation>{0} på</translation>
    </message>
    <message>
        <source>No faults: each answer is sent as it is</source>
        <translation>Inga fel: varje svar skickas som det är</translation>
    </message>
    <message>
        <source>There are no faults</source>
        <translation>Det finns inga fel</translation>
    </message>
    <message>
        <source>Remove the faults</source>
        <translation>Ta bort felen</translation>
    </message>
    <message>
        <source>{0}: happened {1}×, last at {2}</source>
        <translation>{0}: inträffade {1}×, senast {2}</translation>
    </message>
</context>
<context>
    <name>WiringDiagram</name>
    <message>
        <source>{0}, {1}. {2}. {3}. {4}, {5}. {6}</source>
        <translation>{0}, {1}. {2}. {3}. {4}, {5}. {6}</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>now</source>
        <translation>nu</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} d</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} h</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} min {1} s</translation>
    </message>
    <message>
        <source>Dark: no voltage on the bus</source>
        <translation>Släckt: ingen spänning på bussen</translation>
    </message>
    <message>
        <source>Both LEDs dark</source>
        <translation>Båda lysdioderna släckta</translation>
    </message>
    <message>
        <source>No contact with the meter</source>
        <translation>Ingen kontakt med mätaren</translation>
    </message>
    <message>
        <source>Red flashes every 5 s</source>
        <translation>Röd blinkar var 5:e s</translation>
    </message>
    <message>
        <source>The meter does not report its number (C.1.0)</source>
        <translation>Mätaren anger inte sitt nummer (C.1.0)</translation>
    </message>
    <message>
        <source>Red steady, green flashes every 5 s</source>
        <translation>Röd fast, grön blinkar var 5:e s</translation>
    </message>
    <message>
        <source>The rate could not be changed</source>
        <translation>Tariffen kunde inte ändras</translation>
    </message>
    <message>
        <source>Red blinks, green flashes every 5 s</source>
        <translation>Röd blinkar tätt, grön var 5:e s</translation>
    </message>
    <message>
        <source>In contact with the meter</source>
        <translation>I kontakt med mätaren</translation>
    </message>
    <message>
        <source>Green flashes every 5 s</source>
        <translation>Grön blinkar var 5:e s</translation>
    </message>
    <message>
        <source>primary address</source>
        <translation>primäradress</translation>
    </message>
    <message>
        <source>secondary address</source>
        <translation>sekundäradress</translation>
    </message>
    <message>
        <source>speed</source>
        <translation>hastighet</translation>
    </message>
    <message>
        <source>disconnector control</source>
        <translation>brytarstyrning</translation>
    </message>
    <message>
        <source>rate inputs enabled</source>
        <translation>tariffingångar aktiverade</translation>
    </message>
    <message>
        <source>rate mapping table</source>
        <translation>tarifftabell</translation>
    </message>
    <message>
        <source>P1 and P2 usage</source>
        <translation>användning av P1 och P2</translation>
    </message>
    <message>
        <source>selection list</source>
        <translation>urvalslista</translation>
    </message>
    <message>
        <source>P1 password</source>
        <translation>lösenord P1</translation>
    </message>
    <message>
        <source>P2 login key</source>
        <translation>inloggningsnyckel P2</translation>
    </message>
    <message>
        <source>Setting rate {0} in the meter</source>
        <translation>Ställer in tariff {0} i mätaren</translation>
    </message>
    <message>
        <source>Closing the meter&apos;s disconnector</source>
        <translation>Sluter mätarens brytare</translation>
    </message>
    <message>
        <source>Opening the meter&apos;s disconnector</source>
        <translation>Öppnar mätarens brytare</translation>
    </message>
    <message>
        <source>Erasing the text on the meter&apos;s display</source>
        <translation>Raderar texten på mätarens display</translation>
    </message>
    <message>
        <source>Showing {0} on the meter&apos;s display</source>
        <translation>Visar {0} på mätarens display</translation>
    </message>
    <message>
        <source>The meter accepted rate {0}</source>
        <translation>Mätaren har godtagit tariff {0}</translation>
    </message>
    <message>
        <source>The meter accepted the command to close its disconnector</source>
        <translation>Mätaren har godtagit kommandot att sluta sin brytare</translation>
    </message>
    <message>
        <source>The meter accepted the command to open its disconnector</source>
        <translation>Mätaren har godtagit kommandot att öppna sin brytare</translation>
    </message>
    <message>
        <source>The meter erased the text on its display</source>
        <translation>Mätaren har raderat texten på sin display</translation>
    </message>
    <message>
        <source>The meter shows {0}</source>
        <translation>Mätaren visar {0}</translation>
    </message>
    <message>
        <source>{0} failed: {1}</source>
        <translation>{0} misslyckades: {1}</translation>
    </message>
    <message>
        <source>The disconnector is open</source>
        <translation>Brytaren är öppen</translation>
    </message>
    <message>
        <source>The disconnector is closed</source>
        <translation>Brytaren är sluten</translation>
    </message>
    <message>
        <source>The disconnector is being switched (10 s)</source>
        <translation>Brytaren ställs om (10 s)</translation>
    </message>
    <message>
        <source>The state of the disconnector is no longer known</source>
        <translation>Brytarens läge är inte längre känt</translation>
    </message>
    <message>
        <source>Rate error: the inputs changed but are not enabled</source>
        <translation>Tariffel: ingångarna ändrades men är inte aktiverade</translation>
    </message>
    <message>
        <source>Rate error: the meter refused the rate</source>
        <translation>Tariffel: mätaren avvisade tariffen</translation>
    </message>
    <message>
        <source>Rate error: the meter refused the password</source>
        <translation>Tariffel: mätaren avvisade lösenordet</translation>
    </message>
    <message>
        <source>The rate error is cleared</source>
        <translation>Tariffelet har upphört</translation>
    </message>
    <message>
        <source>Meter read: {0} lines in {1}</source>
        <translation>Mätaren avläst: {0} rader på {1}</translation>
    </message>
    <message>
        <source>Reading the meter failed (try {0}): {1}</source>
        <translation>Avläsningen av mätaren misslyckades (försök {0}): {1}</translation>
    </message>
    <message>
        <source>Contact with the meter established</source>
        <translation>Kontakt med mätaren upprättad</translation>
    </message>
    <message>
        <source>Contact with the meter lost</source>
        <translation>Kontakten med mätaren förlorad</translation>
    </message>
    <message>
        <source>Bus voltage {0}</source>
        <translation>Busspänning {0}</translation>
    </message>
    <message>
        <source>Bus voltage {0}: too low for the module</source>
        <translation>Busspänning {0}: för låg för modulen</translation>
    </message>
    <message>
        <source>Rate inputs steady at B = {0}, A = {1}</source>
        <translation>Tariffingångarna stabila på B = {0}, A = {1}</translation>
    </message>
    <message>
        <source>Setting {0} is now {1}</source>
        <translation>Inställningen {0} är nu {1}</translation>
    </message>
    <message>
        <source>The window was too slow: {0} events were lost</source>
        <translation>Fönstret var för långsamt: {0} händelser gick förlorade</translation>
    </message>
    <message>
        <source>The link to the simulated meter</source>
        <translation>Länken till den simulerade mätaren</translation>
    </message>
    <message>
        <source>The simulated bus</source>
        <translation>Den simulerade bussen</translation>
    </message>
    <message>
        <source>{0} is open</source>
        <translation>{0} är öppen</translation>
    </message>
    <message>
        <source>{0} is not open</source>
        <translation>{0} är inte öppen</translation>
    </message>
    <message>
        <source>{0} Trying again.</source>
        <translation>{0} Försöker igen.</translation>
    </message>
    <message>
        <source>{0}; trying again</source>
        <translation>{0}; försöker igen</translation>
    </message>
    <message>
        <source>{0} cannot be opened</source>
        <translation>{0} kan inte öppnas</translation>
    </message>
    <message>
        <source>The history of readings was damaged ({1}); it was moved to {0}, and a new one was started</source>
        <translation>Avläsningshistoriken var skadad ({1}); den har flyttats till {0}, och en ny har påbörjats</translation>
    </message>
    <message>
        <source>{0} was written by a newer version of the program and is not used; readings are lost when the program ends</source>
        <translation>{0} skrevs av en nyare version av programmet och används inte; avläsningar går förlorade när programmet avslutas</translation>
    </message>
    <message>
        <source>{0} is a database of another program and is not used; readings are lost when the program ends</source>
        <translation>{0} är en databas från ett annat program och används inte; avläsningar går förlorade när programmet avslutas</translation>
    </message>
    <message>
        <source>{0} is locked by another program ({1}); readings are held in memory and stored once it is free</source>
        <translation>{0} är låst av ett annat program ({1}); avläsningar hålls i minnet och sparas när den blir fri</translation>
    </message>
    <message>
        <source>{0} cannot be opened ({1}); readings are lost when the program ends</source>
        <translation>{0} kan inte öppnas ({1}); avläsningar går förlorade när programmet avslutas</translation>
    </message>
    <message>
        <source>Readings cannot be stored in {0} ({1}); check the free space and the permissions</source>
        <translation>Avläsningar kan inte sparas i {0} ({1}); kontrollera ledigt utrymme och behörigheter</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>minne</translation>
    </message>
    <message>
        <source>off</source>
        <translation>släckt</translation>
    </message>
    <message>
        <source>on</source>
        <translation>lyser</translation>
    </message>
    <message>
        <source>flashes every 5 s</source>
        <translation>blinkar var 5:e s</translation>
    </message>
    <message>
        <source>blinks every second</source>
        <translation>blinkar varje sekund</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Bra</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Varning</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fel</translation>
    </message>
</context>
<context>
    <name>WriteRunView</name>
    <message>
        <source>Progress of the writes</source>
        <translation>Skrivningens förlopp</translation>
    </message>
    <message>
        <source>Close the results</source>
        <translation>Stäng resultaten</translation>
    </message>
    <message>
        <source>Results of the modules</source>
        <translation>Modulernas resultat</translation>
    </message>
    <message>
        <source>Stairs B, flat 1203</source>
        <translation>Trappa B, lägenhet 1203</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Being written</source>
        <translation>Skrivs</translation>
    </message>
    <message>
        <source>Go on with {0}</source>
        <translation>Fortsätt med {0}</translation>
    </message>
    <message>
        <source>Stop writing</source>
        <translation>Stoppa skrivningen</translation>
    </message>
    <message>
        <source>Stop here</source>
        <translation>Stanna här</translation>
    </message>
    <message>
        <source>The writes could not begin</source>
        <translation>Skrivningen kunde inte påbörjas</translation>
    </message>
    <message>
        <source>Writing: {0} ({1} of {2})</source>
        <translation>Skriver: {0} ({1} av {2})</translation>
    </message>
    <message>
        <source>The first module is written</source>
        <translation>Den första modulen skrivs</translation>
    </message>
    <message>
        <source>The first module is done: {0}</source>
        <translation>Den första modulen är klar: {0}</translation>
    </message>
    <message>
        <source>The first module is in trouble: {0}</source>
        <translation>Den första modulen har problem: {0}</translation>
    </message>
    <message>
        <source>Done: {0}</source>
        <translation>Klart: {0}</translation>
    </message>
    <message>
        <source>failed: {0}</source>
        <translation>misslyckades: {0}</translation>
    </message>
    <message>
        <source>unsure: {0}</source>
        <translation>osäkra: {0}</translation>
    </message>
    <message>
        <source>not begun: {0}</source>
        <translation>ej påbörjade: {0}</translation>
    </message>
    <message>
        <source>Nothing was sent.</source>
        <translation>Inget sändes.</translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation>ungefär {0} kvar</translation>
    </message>
    <message>
        <source>{0} - {1}</source>
        <translation>{0} - {1}</translation>
    </message>
    <message>
        <source>The others take about {0}.</source>
        <translation>De andra tar ungefär {0}.</translation>
    </message>
    <message>
        <source>Look at it before you go on.</source>
        <translation>Titta på den innan du fortsätter.</translation>
    </message>
    <message>
        <source>Then read all modules</source>
        <translation>Läs sedan av alla moduler</translation>
    </message>
</context>
<context>
    <name>WriteView</name>
    <message>
        <source>Changes to be written</source>
        <translation>Ändringar som ska skrivas</translation>
    </message>
    <message>
        <source>Stairs B, flat 1203</source>
        <translation>Trappa B, lägenhet 1203</translation>
    </message>
    <message>
        <source>Module {0}</source>
        <translation>Modul {0}</translation>
    </message>
    <message>
        <source>Secondary address</source>
        <translation>Sekundäradress</translation>
    </message>
    <message>
        <source>cannot be read back</source>
        <translation>kan inte läsas tillbaka</translation>
    </message>
    <message>
        <source>Nothing differs. Enter in the list what you want, paste it, or open a plan.</source>
        <translation>Inget skiljer sig. Skriv in i listan vad som önskas, klistra in det eller öppna en plan.</translation>
    </message>
    <message>
        <source>Writing has ended. {0}</source>
        <translation>Skrivningen är avslutad. {0}</translation>
    </message>
    <message>
        <source>Only what is selected in the list: {0}</source>
        <translation>Endast det som är markerat i listan: {0}</translation>
    </message>
    <message>
        <source>Nothing differs: all modules have what is wanted of them</source>
        <translation>Inget skiljer sig: alla moduler har det som önskas av dem</translation>
    </message>
    <message>
        <source>Enter the password first: {0}</source>
        <translation>Ange lösenordet först: {0}</translation>
    </message>
    <message>
        <source>The first module is written alone; then you decide about the others</source>
        <translation>Den första modulen skrivs ensam; sedan bestämmer du om de andra</translation>
    </message>
    <message>
        <source>The first module goes alone. Each module is identified before anything is sent, its speed is changed last, and what can be read back is verified.</source>
        <translation>Den första modulen skrivs ensam. Varje modul identifieras innan något sänds, hastigheten ändras sist, och det som kan läsas tillbaka kontrolleras.</translation>
    </message>
    <message>
        <source>1 change cannot be read back.</source>
        <translation>1 ändring kan inte läsas tillbaka.</translation>
    </message>
    <message>
        <source>{0} changes cannot be read back.</source>
        <translation>{0} ändringar kan inte läsas tillbaka.</translation>
    </message>
</context>
<context>
    <name>_ChoiceEditor</name>
    <message>
        <source>Choose</source>
        <translation>Välj</translation>
    </message>
</context>
<context>
    <name>_FieldsEditor</name>
    <message>
        <source>off</source>
        <translation>av</translation>
    </message>
    <message>
        <source>on</source>
        <translation>på</translation>
    </message>
    <message>
        <source>Choose one in each line: the value in the module is unknown</source>
        <translation>Välj ett på varje rad: modulens värde är okänt</translation>
    </message>
</context>
<context>
    <name>_MapEditor</name>
    <message>
        <source>Choose a rate in each row: the table in the module is unknown</source>
        <translation>Välj en tariff på varje rad: modulens tabell är okänd</translation>
    </message>
</context>
<context>
    <name>_Messages</name>
    <message>
        <source>Latest messages, newest first</source>
        <translation>Senaste meddelandena, nyast först</translation>
    </message>
    <message>
        <source>No such messages</source>
        <translation>Inga sådana meddelanden</translation>
    </message>
</context>
<context>
    <name>_ProfileRow</name>
    <message>
        <source>Choose file...</source>
        <translation>Välj fil...</translation>
    </message>
    <message>
        <source>Choose a file: {0}</source>
        <translation>Välj en fil: {0}</translation>
    </message>
    <message>
        <source>Use built-in</source>
        <translation>Använd inbyggd</translation>
    </message>
    <message>
        <source>Use the built-in profile: {0}</source>
        <translation>Använd den inbyggda profilen: {0}</translation>
    </message>
    <message>
        <source>Profiles (*.toml);;All files (*)</source>
        <translation>Profiler (*.toml);;Alla filer (*)</translation>
    </message>
    <message>
        <source>This file cannot be used: {0}</source>
        <translation>Filen kan inte användas: {0}</translation>
    </message>
    <message>
        <source>built-in profile</source>
        <translation>inbyggd profil</translation>
    </message>
    <message>
        <source>The built-in profile is already chosen</source>
        <translation>Den inbyggda profilen är redan vald</translation>
    </message>
</context>
<context>
    <name>_RateRow</name>
    <message>
        <source>Inputs B {0}, A {1}: {2}</source>
        <translation>Ingångar B {0}, A {1}: {2}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>på</translation>
    </message>
    <message>
        <source>off</source>
        <translation>av</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>inte vald</translation>
    </message>
    <message>
        <source>rate {0}</source>
        <translation>tariff {0}</translation>
    </message>
    <message>
        <source>no change</source>
        <translation>ingen ändring</translation>
    </message>
</context>
<context>
    <name>_TextEditor</name>
    <message>
        <source>factory: {0}</source>
        <translation>fabriksvärde: {0}</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} till {1}</translation>
    </message>
    <message>
        <source>8 digits</source>
        <translation>8 siffror</translation>
    </message>
    <message>
        <source>OBIS codes and spaces; empty: all</source>
        <translation>OBIS-koder och mellanslag; tomt: alla</translation>
    </message>
    <message>
        <source>{0} to {1} characters</source>
        <translation>{0} till {1} tecken</translation>
    </message>
</context>
</TS>
