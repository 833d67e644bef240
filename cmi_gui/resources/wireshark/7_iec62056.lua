-- IEC 62056-21 messages, as items of a tree; see 4_frame.lua for `out`.

local whole, octet, slice = M.whole, M.octet, M.slice
local SOH, STX, ETX, EOT, ACK, NAK = 1, 2, 3, 4, 6, 21

local function failure(code, text, at)
    return { code = code, text = text, at = at or 0 }
end

-- The first character that is not allowed, or a text that is too long. `forbidden`: of the printable characters.
local function check_text(text, what, forbidden, longest, lines)
    if longest and #text > longest then
        return failure("too_long", ("%s has %d characters; at most %d are allowed"):format(what, #text, longest), longest)
    end
    for at = 1, #text do
        local c = text:sub(at, at)
        local is_allowed = c:find("[ -~]") and not forbidden:find(c, 1, true) or lines and c:find("[\r\n]")
        if not is_allowed then
            return failure("character", what .. " must not contain " .. M.quoted(c), at - 1)
        end
    end
    return nil
end

local function garbled(data)
    local at = data:find("[\128-\255]")
    return at and failure("garbled", ("byte 0x%02X is not a seven-bit character"):format(octet(data, at - 1)), at - 1)
end

local function line(data, start, what)
    local fault = garbled(data)
    if not fault and data:sub(-2) ~= "\r\n" then
        fault = failure("incomplete", what .. " must end with CR LF", #data)
    end
    return data:sub(#start + 1, -3), fault
end

-- Data lines

local function number_of(value)
    local sign, before, after = value:match("^([+-]?)(%d+)%.?(%d*)$")
    if not before then
        return nil
    end
    -- Without a decimal point, which depends on the language of the system.
    return tonumber((sign == "-" and "-" or "") .. before .. after .. "e-" .. whole(#after))
end

-- The meaning of an OBIS code of an electricity meter.
local function meaning(id)
    local medium, code, stored = id:match("^(%d+)%-%d+:(.*)$"), id:gsub("^%d+%-%d+:", ""), nil
    if medium and medium ~= "0" and medium ~= "1" then
        return nil
    end
    local words = T.meanings[code]
    if not words then
        code, stored = code:match("^([%w.]+)[*.&](%d%d?%d?)$")
        words = T.meanings[code]
    end
    return words and (stored and stored ~= "255" and words .. ", stored value " .. stored or words)
end

-- The data sets of one line that begins at `at`; its text is without CR LF.
local function add_sets(out, text, at)
    local position = 1
    while position <= #text do
        local opened = text:find("(", position, true)
        local closed = opened and text:find(")", opened, true)
        if not closed then
            local words = opened and "a ')' is missing" or "an identifier must be followed by '('"
            out:add("iec62056.line", at + position - 1, #text - position + 1, text:sub(position)):warn("partial", words)
            return
        end
        local id, inner = text:sub(position, opened - 1), text:sub(opened + 1, closed - 1)
        local value, unit = inner:match("^([^*]*)%*(.*)$")
        value = value or inner
        local words = meaning(id)
        local label = text:sub(position, closed) .. (words and "  " .. words or "")
        local node = out:add("iec62056.set", at + position - 1, closed - position + 1, text:sub(position, closed), label)
        if id ~= "" then
            local obis = node:add("iec62056.obis", at + position - 1, #id, id)
            if words then
                obis:add("iec62056.meaning", at + position - 1, #id, words)
            end
        end
        node:add("iec62056.value", at + opened, #value, value)
        if unit then
            node:add("iec62056.unit", at + opened + #value + 1, #unit, unit)
        end
        if number_of(value) then
            node:add("iec62056.number", at + opened, #value, number_of(value))
        end
        position = closed + 1
    end
end

local function add_lines(out, text, at)
    for part, ending in text:gmatch("([^\n]*)(\n?)") do
        local shown = part:gsub("\r$", ""):gsub("!$", "")
        if shown ~= "" then
            add_sets(out, shown, at)
        end
        at = at + #part + #ending
    end
end

-- Messages: each function adds items; it returns words for the column Info, or nil and a failure.

local function request(out, data)
    local text, fault = line(data, "/?", "a request")
    if fault then
        return nil, fault
    elseif text:sub(-1) ~= "!" then
        return nil, failure("syntax", "a request must end with '!' before CR LF", #data - 2)
    end
    local address = text:sub(1, -2)
    fault = check_text(address, "a device address", "", 32)
    local wrong = not fault and address:find("[^%w ]")
    if wrong then
        local text_of = M.quoted(address:sub(wrong, wrong))
        fault = failure("character", "a device address must not contain " .. text_of, wrong - 1)
    end
    if fault then
        return nil, fault
    elseif address == "" then
        return "sign-on"
    end
    out:add("iec62056.address", 2, #address, address)
    return "sign-on, address " .. address
end

local function check_identification(maker, speed, ident)
    if not maker:find("^%a%a%a$") then
        return failure("syntax", "a manufacturer code must be three letters, not " .. M.quoted(maker), 1)
    elseif not maker:find("^%u%u") then
        return failure("syntax", "only the third letter of " .. M.quoted(maker) .. " may be lower case", 1)
    end
    local fault = check_text(speed, "the speed", "/!", 1) or check_text(ident, "an identification", "/!")
    if fault then
        return fault
    end
    local model = ident:gsub("\\.", "")
    if model:sub(-1) == "\\" then
        return failure("syntax", "the identification ends with a single '\\'", 4 + #ident)
    end
    fault = check_text(model, "an identification", "", 16)
    if fault then
        return fault
    end
    for pair in ident:gmatch("\\.") do
        if pair == "\\\\" then
            return failure("syntax", "'\\' must be followed by another character", 5)
        end
    end
    return nil
end

local function identification(out, data)
    local text, fault = line(data, "/", "an identification")
    if not fault and #text < 4 then
        local words = "an identification must have a manufacturer code and a speed"
        fault = failure("incomplete", words, #text)
    end
    local maker, speed, ident = text:sub(1, 3), text:sub(4, 4), text:sub(5)
    fault = fault or check_identification(maker, speed, ident)
    if fault then
        return nil, fault
    end
    local model = ident:gsub("\\.", "")
    out:add("iec62056.manufacturer", 1, 3, maker)
    local words, baud = "identification " .. maker .. " " .. model, T.speeds[speed]
    if baud then
        out:add("iec62056.baud", 4, 1, baud)
        words = words .. ", offers " .. whole(baud) .. " bit/s"
    end
    out:add("iec62056.model", 5, #ident, model)
    return words
end

local function option_select(out, data)
    local text, fault = line(data, "\6", "an option select")
    if not fault and #text ~= 3 then
        fault = failure("syntax", "an option select must have three characters, not " .. whole(#text), 1)
    end
    for i, what in ipairs({ "V", "Z", "Y" }) do
        fault = fault or check_text(text:sub(i, i), what, "", 1)
    end
    if fault then
        return nil, fault
    end
    local mode, baud = text:sub(3, 3), T.speeds[text:sub(2, 2)]
    local words = "option select: " .. (T.modes[mode] or "mode " .. mode)
    if baud then
        out:add("iec62056.baud", 2, 1, baud)
        words = words .. " at " .. whole(baud) .. " bit/s"
    end
    out:add("iec62056.mode", 3, 1, mode)
    return words
end

local function xor(one, other)
    local result = 0
    for bit = 0, 6 do
        if M.bits(one, bit, 1) ~= M.bits(other, bit, 1) then
            result = result + 2 ^ bit
        end
    end
    return math.floor(result)
end

-- The text of a block between its first character and ETX or EOT.
local function open_block(out, data, is_masked)
    local fault, last = garbled(data), octet(data, #data - 2)
    if fault then
        return nil, fault
    elseif not is_masked and (#data < 3 or (last ~= ETX and last ~= EOT)) then
        return nil, failure("incomplete", "a block must end with ETX or EOT and one BCC", #data)
    end
    local expected, found = 0, octet(data, #data - 1)
    for at = 1, #data - 2 do
        expected = xor(expected, octet(data, at))
    end
    if is_masked then
        return slice(data, 1, #data - 2)
    end
    out:add("iec62056.bcc", #data - 1, 1, found)
    if found ~= expected then
        return nil, failure("bcc", ("the BCC is 0x%02X, expected 0x%02X"):format(found, expected), #data - 1)
    end
    return slice(data, 1, #data - 2)
end

-- The text without what is masked, which is all to the end of the message.
local function visible(text, at, masked)
    for _, range in ipairs(masked) do
        text = text:sub(1, math.max(range[1] - at, 0))
    end
    return text
end

local function stripped(text)
    return text:gsub("^[ \r\n]+", ""):gsub("[ \r\n]+$", "")
end

local function data_message(out, data, masked)
    local text, fault = open_block(out, data, #masked > 0)
    text = text and visible(text, 1, masked)
    fault = fault or check_text(text, "a data message", "", nil, true)
    if fault then
        return nil, fault
    end
    local inner = text:sub(2, -2)
    if text:sub(1, 3) == "(ER" and text:sub(-1) == ")" and not inner:find("[()*/!]") then
        out:add("iec62056.error", 2, #inner, inner):warn("reported", "error message " .. inner)
        return "error message " .. inner
    end
    add_lines(out, text, 1)
    local _, count = text:gsub("!\r\n$", ""):gsub("\n", "")
    if count > 1 then
        return "readout, " .. whole(count) .. " lines"
    end
    return "data " .. stripped(text)
end

local function command(out, data, masked)
    local text, fault = open_block(out, data, #masked > 0)
    if fault then
        return nil, fault
    elseif #text < 2 then
        return nil, failure("syntax", "a command must have a letter and a digit", 1)
    elseif #text > 2 and octet(text, 2) ~= STX then
        return nil, failure("syntax", "letter and digit must be followed by STX or the end of the block", 3)
    end
    local letter, digit, dataset = text:sub(1, 1), text:sub(2, 2), #text > 2 and visible(text:sub(4), 4, masked)
    if not letter:find("[A-Z]") then
        return nil, failure("syntax", "a command must begin with a capital letter, not " .. M.quoted(letter), 1)
    elseif not digit:find("%d") then
        local words = "the letter of a command must be followed by a digit, not " .. M.quoted(digit)
        return nil, failure("syntax", words, 2)
    end
    fault = dataset and check_text(dataset, "a command's data set", "", nil, true)
    if fault then
        return nil, fault
    end
    local name = letter .. digit
    out:add("iec62056.command", 1, 2, name)
    if not dataset or dataset == "" or letter == "P" then
        return "command " .. name
    end
    add_lines(out, dataset, 4)
    return "command " .. name .. " " .. dataset
end

-- The size of the message that begins at index `at` of a stream; nil if its end has not arrived.
function M.iec62056_size(data, at)
    local first, stop = octet(data, at), nil
    if first == SOH or first == STX then
        stop = data:find("[\3\4].", at + 2)
        return stop and stop + 1 - at
    elseif first == 0x2F or (first == ACK and #data > at + 1) then
        stop = data:find("\n", at + 1, true)
        return stop and stop - at
    end
    return 1
end

-- Dissect one message; arguments and results as of `M.mbus`.
function M.iec62056(data, out, masked)
    local first, words, fault = octet(data, 0), nil, nil
    if not first then
        fault = failure("incomplete", "the message is empty")
    elseif data:sub(1, 2) == "/?" then
        words, fault = request(out, data)
    elseif data:sub(1, 1) == "/" then
        words, fault = identification(out, data)
    elseif first == STX then
        words, fault = data_message(out, data, masked)
    elseif first == SOH then
        words, fault = command(out, data, masked)
    elseif first == ACK and #data > 1 then
        words, fault = option_select(out, data)
    elseif (first == ACK or first == NAK) and #data == 1 then
        words = first == ACK and "ACK" or "NAK"
        local node = out:add("iec62056.handshake", 0, 1, words)
        if first == NAK then
            node:warn("reported", "the message is requested again")
        end
    else
        fault = failure("syntax", ("no message begins with 0x%02X"):format(first))
    end
    for _, range in ipairs(masked) do
        out:add("iec62056.masked", range[1], range[2] - range[1], true, "Masked: the bytes hold a secret")
    end
    if fault then
        out:add("iec62056.fault", math.min(fault.at, math.max(#data - 1, 0)), 1, fault.code):warn("damaged", fault.text)
        return "cannot be decoded: " .. fault.text, true
    end
    return words
end
