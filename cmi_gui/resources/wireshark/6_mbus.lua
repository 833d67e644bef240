-- M-Bus telegrams: what each kind of them contains; see 4_frame.lua for `out`.

local whole, bits = M.whole, M.bits
local octet, slice, failure = M.octet, M.slice, M.failure
local function_of, function_and_address = M.function_of, M.function_and_address
local byte_count, add_block, add_header, status_words = M.byte_count, M.add_block, M.add_header, M.status_words
local DATA_AT, MASK_SIZE, FIXED_SIZE, FIXED_HEADER = 7, 8, 16, 8

local function require_bytes(data, size, what)
    local has = #data - 2 - DATA_AT
    if has >= size then
        return nil
    end
    return failure("premature_end", ("%s must have %d bytes, but has only %d"):format(what, size, has), #data - 2)
end

local function data_words(frame, header, parts, block)
    local name, from = function_of(frame.c), " from " .. whole(frame.a)
    local maker = header and header.manufacturer and " " .. header.manufacturer or ""
    table.insert(parts, 1, name .. (header and header.id and " " .. header.id or from) .. maker)
    if block.more then
        parts[#parts + 1] = "more follows"
    end
    for _, word in ipairs(header and status_words(header.status, header.is_fixed) or {}) do
        parts[#parts + 1] = word
    end
    return table.concat(parts, ", ")
end

local function in_mode_1(field)
    return field:sub(1, 4):reverse() .. field:sub(5, 6):reverse() .. field:sub(7)
end

-- The contents of telegrams: each function adds items; it returns words for the column Info, or nil and a failure.

local function variable(out, data, frame, masked)
    local ci, header, size, fault, at = frame.ci, nil, 0, nil, nil
    local msb_first = ci == 0x76
    if ci == 0x7A then
        size, fault = 4, require_bytes(data, 4, "the short header")
        if not fault then
            header = { access_number = octet(data, 7), status = octet(data, 8) }
            header.signature = octet(data, 9) + octet(data, 10) * 256
            at = { access_number = 7, status = 8, signature = 9 }
        end
    elseif ci ~= 0x78 then
        size, fault = 12, require_bytes(data, 12, "the header")
        if not fault then
            local raw = slice(data, DATA_AT, DATA_AT + 12)
            if msb_first then
                raw = in_mode_1(raw:sub(1, 8)) .. raw:sub(9, 10) .. raw:sub(11, 12):reverse()
            end
            header = { id = M.identification(raw), manufacturer = M.manufacturer(raw:sub(5, 6)) }
            header.version, header.device_type = octet(raw, 6), octet(raw, 7)
            header.access_number, header.status = octet(raw, 8), octet(raw, 9)
            header.signature = octet(raw, 10) + octet(raw, 11) * 256
            at = { id = 7, manufacturer = 11, version = 13, device_type = 14, access_number = 15, status = 16 }
            at.signature = 17
        end
    end
    if fault then
        return nil, fault
    end
    if header then
        add_header(out, data, header, at)
    end
    local stop, start = #data - 2, DATA_AT + size
    local payload = slice(data, start, stop)
    local covered = header and M.encrypted_size(header.signature, payload) or (not header and 0 or nil)
    local options = { msb_first = msb_first, masked = masked }
    local block = M.decode_records(data, start + (covered or 0), stop, options)
    if not covered then
        covered = 0
        if not M.looks_decoded(block, #payload) then
            covered, block = #payload, { records = {}, more = false }
        end
    end
    local parts = {}
    if covered > 0 then
        local mode = bits(header.signature, 8, 5)
        mode = T.security_modes[mode] and mode or 0
        parts[1] = byte_count(covered) .. " encrypted in mode " .. whole(mode)
        out:add("mbus.encrypted", start, covered)
    end
    local fault_words = add_block(out, data, block, header)
    if #block.records > 0 or covered == 0 then
        parts[#parts + 1] = #block.records == 1 and "1 record" or whole(#block.records) .. " records"
    end
    if block.manufacturer_at and block.manufacturer_at < stop then
        parts[#parts + 1] = byte_count(stop - block.manufacturer_at) .. " of manufacturer data"
    end
    local words = data_words(frame, header, parts, block)
    return fault_words and words .. ", " .. fault_words or words
end

local function fixed(out, data, frame, masked)
    local has = #data - 2 - DATA_AT
    if has < FIXED_HEADER then
        return nil, require_bytes(data, FIXED_SIZE, "the fixed structure")
    end
    local raw = slice(data, DATA_AT, #data - 2)
    local header = { is_fixed = true, id = M.identification(raw), access_number = octet(raw, 4), status = octet(raw, 5) }
    header.device_type = bits(octet(raw, 7), 6, 2) * 4 + bits(octet(raw, 6), 6, 2)
    add_header(out, data, header, { id = 7, access_number = 11, status = 12, device_type = 13, medium_size = 2 })
    local block = { records = {}, more = false }
    if has >= FIXED_SIZE then
        local binary, stored = bits(header.status, 0, 1) == 1, bits(header.status, 1, 1) == 1
        local first, second = octet(raw, 6) % 64, octet(raw, 7) % 64
        for i, code in ipairs({ first, second == 0x3E and first or second }) do
            local historic = i == 2 and second == 0x3E
            local v = M.value_information(T.fixed_units[code])
            v.qualifiers[1] = stored and T.fixed_status_bits[1] or nil
            v.qualifiers[#v.qualifiers + 1] = historic and "historic" or nil
            local d = { field = binary and "INT32" or "BCD8", size = 4, func = 0, tariff = 0, subunit = 0 }
            d.storage = (stored or historic) and 1 or 0
            local at = DATA_AT + 4 + 4 * i
            local record = { at = at, dib = "", vib = "", data_at = at, stop = at + 4, d = d, v = v }
            if M.is_masked(masked, at, at + 4) then
                record.text, record.name = "**", v.quantity
            else
                M.evaluate(record, slice(data, at, at + 4), false)
            end
            block.records[i] = record
        end
    end
    if has ~= FIXED_SIZE then
        local code = has > FIXED_SIZE and "trailing" or "premature_end"
        local text = ("the fixed structure must have %d bytes, but has %d"):format(FIXED_SIZE, has)
        block.fault = failure(code, text, DATA_AT + math.min(has, FIXED_SIZE))
        block.rest_at = DATA_AT + (has > FIXED_SIZE and FIXED_SIZE or FIXED_HEADER)
    end
    local fault_words = add_block(out, data, block, nil)
    local words = data_words(frame, header, { whole(#block.records) .. " counters" }, block)
    return fault_words and words .. ", " .. fault_words or words
end

local function send(out, data, frame, masked)
    local options = { from_master = true, msb_first = frame.ci == 0x55, masked = masked }
    local block = M.decode_records(data, DATA_AT, #data - 2, options)
    local fault_words, names = add_block(out, data, block, nil), {}
    for i = 1, math.min(#block.records, 3) do
        names[i] = block.records[i].name
    end
    local words = #names > 0 and table.concat(names, "; ") or "no records"
    if #block.records > 3 then
        words = words .. " and " .. whole(#block.records - 3) .. " more"
    end
    words = function_and_address(frame) .. ": " .. words
    return fault_words and words .. ", " .. fault_words or words
end

local function selection(out, data, frame, masked)
    local stop = #data - 2
    local size = math.min(stop - DATA_AT, MASK_SIZE)
    local mask = slice(data, DATA_AT, DATA_AT + size)
    if frame.ci == 0x56 then
        mask = in_mode_1(mask)
    end
    local id = M.identification(mask .. ("\255"):rep(math.max(4 - #mask, 0)))
    local parts = { "select " .. id }
    if size > 0 then
        out:add("mbus.id", DATA_AT, math.min(size, 4), id)
    end
    if #mask >= 6 and not mask:sub(5, 6):find("\255") then
        parts[#parts + 1] = M.manufacturer(mask:sub(5, 6))
        out:add("mbus.manufacturer", DATA_AT + 4, 2, parts[#parts])
    end
    if #mask >= 7 and octet(mask, 6) ~= 255 then
        parts[#parts + 1] = ("version %02X"):format(octet(mask, 6))
        out:add("mbus.version", DATA_AT + 6, 1, octet(mask, 6))
    end
    if #mask >= 8 and octet(mask, 7) ~= 255 then
        parts[#parts + 1] = ("type %02X"):format(octet(mask, 7))
        out:add("mbus.device_type", DATA_AT + 7, 1, octet(mask, 7))
    end
    local options = { from_master = true, msb_first = frame.ci == 0x56, masked = masked }
    local block = M.decode_records(data, DATA_AT + MASK_SIZE, stop, options)
    local fault_words, words = add_block(out, data, block, nil), table.concat(parts, " ")
    for _, record in ipairs(block.records) do
        words = words .. ", " .. record.v.quantity
    end
    return fault_words and words .. ", " .. fault_words or words
end

local function code(frame, text)
    return function_and_address(frame) .. ": " .. text
end

local function application_error(out, data, frame)
    local has = #data > DATA_AT + 2
    local number = has and octet(data, DATA_AT) or 0
    local words = ("application error %d, %s"):format(number, T.application_errors[number] or T.reserved)
    out:add("mbus.application_error", DATA_AT, has and 1 or 0, number, words):warn("reported", words)
    return code(frame, words)
end

local function alarm(out, data, frame)
    local fault = require_bytes(data, 1, "an alarm")
    if fault then
        return nil, fault
    end
    local words = ("alarm %02X"):format(octet(data, DATA_AT))
    out:add("mbus.alarm", DATA_AT, 1, octet(data, DATA_AT)):warn("reported", words)
    return code(frame, words)
end

local function reset(out, data, frame)
    local number = #data > DATA_AT + 2 and octet(data, DATA_AT)
    if not number then
        return code(frame, "application reset")
    end
    local words = ("application reset %02X, %s"):format(number, T.application_resets[bits(number, 4, 4)] or T.reserved)
    out:add("mbus.reset", DATA_AT, 1, number, words)
    return code(frame, words)
end

local function other(out, data, frame)
    local size = #data - 2 - DATA_AT
    if size > 0 then
        out:add("mbus.data", DATA_AT, size)
    end
    return code(frame, ("CI %02X, %s"):format(frame.ci, byte_count(size)))
end

local FROM_SLAVE = {
    [0x72] = variable,
    [0x76] = variable,
    [0x78] = variable,
    [0x7A] = variable,
    [0x73] = fixed,
    [0x70] = application_error,
    [0x71] = alarm,
}
local FROM_MASTER = { [0x50] = reset, [0x51] = send, [0x55] = send, [0x52] = selection, [0x56] = selection }

-- The size of the telegram that begins at index `at` of a stream; nil if its end has not arrived.
function M.mbus_size(data, at)
    local start, size = octet(data, at), 1
    if start == 0x10 then
        size = 5
    elseif start == 0x68 then
        local length = octet(data, at + 1)
        size = length and length + 6 or 6
    end
    return at + size <= #data and size or nil
end

-- Dissect one telegram. `masked`: the masked ranges; `out`: the item of the telegram. Return the words for Info, and
-- whether the telegram is damaged.
function M.mbus(data, out, masked)
    local frame, fault = M.parse_frame(data, #masked > 0)
    if fault then
        if frame then
            M.add_frame(out, data, frame)
        end
        out:add("mbus.fault", math.min(fault.at or 0, #data), 1, fault.code):warn("damaged", fault.text)
        return "cannot be decoded: " .. fault.text, true
    elseif frame.kind == "ack" then
        out:add("mbus.ack", 0, 1, true)
        return "acknowledge"
    end
    M.add_frame(out, data, frame)
    if frame.kind == "short" then
        return function_and_address(frame)
    end
    local from_master = bits(frame.c, 6, 1) == 1
    if from_master and T.baud_rates[frame.ci] then
        out:add("mbus.baud_rate", 6, 1, T.baud_rates[frame.ci])
        return code(frame, "set " .. whole(T.baud_rates[frame.ci]) .. " bit/s")
    end
    local content = (from_master and FROM_MASTER or FROM_SLAVE)[frame.ci] or other
    local words
    words, fault = content(out, data, frame, masked)
    if fault then
        out:add("mbus.fault", fault.at, 1, fault.code):warn("damaged", fault.text)
        return "cannot be decoded: " .. fault.text, true
    end
    return words
end
