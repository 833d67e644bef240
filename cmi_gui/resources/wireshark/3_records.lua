-- Data records: the meaning of DIF and VIF, and the records of a telegram. All indices count from 0.

local whole, bits, hex = M.whole, M.bits, M.hex
local MAX_EXTENSIONS = 10

local function octet(data, at)
    return data:byte(at + 1)
end

local function slice(data, first, stop)
    return data:sub(first + 1, stop)
end

local function failure(code, text, at)
    return { code = code, text = at and text .. " (at byte " .. whole(at) .. ")" or text, at = at }
end

-- The index after the chain that starts at `at`; nil if it is cut.
local function chain_end(data, at)
    while octet(data, at) and octet(data, at) >= 128 do
        at = at + 1
    end
    return octet(data, at) and at + 1
end

-- Plain text VIF: VIFEs, then length and text; in some meters length and text first.

local function text_end(data, at)
    local length = at and octet(data, at)
    return length and at + 1 + length <= #data and at + 1 + length or nil
end

local function is_printable(text)
    return text ~= "" and not text:find("[\0-\31\127-\159]")
end

-- The text, the VIFEs, and the index after both; nil if they are cut.
local function plain_text(data, at)
    local start, extended = at + 1, octet(data, at) >= 128
    local text_at = start
    if extended then
        text_at = chain_end(data, start)
    end
    local stop = text_end(data, text_at)
    if stop then
        local text = slice(data, text_at + 1, stop)
        if not extended or is_printable(text) then
            return text:reverse(), slice(data, start, text_at), stop
        end
    end
    if extended then
        local vifes_at = text_end(data, start)
        stop = vifes_at and chain_end(data, vifes_at)
        if stop then
            local text = slice(data, start + 1, vifes_at)
            if is_printable(text) then
                return text:reverse(), slice(data, vifes_at, stop), stop
            end
        end
    end
    return nil
end

local function is_plain(vif)
    return vif % 128 == 0x7C
end

local function vib_end(data, at)
    if not octet(data, at) then
        return nil
    elseif is_plain(octet(data, at)) then
        local _, _, stop = plain_text(data, at)
        return stop, not stop and "the data ends inside a plain text VIF"
    end
    return chain_end(data, at)
end

-- Orthogonal VIFEs

local function set_unit(v, unit, factor, coding)
    v.unit, v.factor, v.exponent, v.coding = unit, factor, 0, coding
end

local function qualify(v, text)
    v.qualifiers[#v.qualifiers + 1] = text
end

local function reserved(text)
    return T.reserved_vife .. text
end

local function apply(v, code, from_master)
    if T.qualifiers[code] then
        qualify(v, T.qualifiers[code])
        if code == 0x41 or code == 0x49 then
            set_unit(v, "", 1, "UNSIGNED")
        elseif code == 0x13 or code == 0x1E or code == 0x1F then
            v.coding = "OPAQUE"
        end
    elseif code < 0x20 and from_master and T.actions[code] then
        v.action = T.actions[code]
    elseif code < 0x20 and not from_master and T.record_errors[code] then
        v.error = code
    elseif T.unit_vifes[code] then
        v.unit = (v.unit .. T.unit_vifes[code][1]):gsub("^ +", ""):gsub(" +$", "")
        qualify(v, T.unit_vifes[code][2])
    elseif T.date_vifes[code] then
        set_unit(v, "", 1, "TIME_POINT")
        qualify(v, T.date_vifes[code])
    elseif T.duration_vifes[code] then
        set_unit(v, "s", T.duration_factors[code % 4], "SIGNED")
        qualify(v, T.duration_vifes[code])
    elseif code >= 0x70 and code <= 0x77 then
        v.exponent = v.exponent + code % 8 - 6
    elseif code >= 0x78 and code <= 0x7B then
        v.offset = v.offset + ({ [0] = 1, 10, 100, 1000 })[code % 4]
        v.decimals = math.max(v.decimals or 0, 3 - code % 4)
    elseif code == 0x7D then
        v.exponent = v.exponent + 3
    else
        qualify(v, reserved(string.format("%02X", code)))
    end
end

local function read_vifes(v, vifes, from_master)
    local at = 0
    while at < #vifes do
        local vife = octet(vifes, at)
        at = at + 1
        if vife == 0xFC then
            local code = octet(vifes, at) % 128
            at = at + 1
            qualify(v, T.fc[code] or reserved(string.format("FC %02X", code)))
        elseif vife % 128 == 0x7F then
            qualify(v, at < #vifes and T.manufacturer_vifes .. hex(slice(vifes, at, #vifes), " ")
                or "manufacturer-specific")
            return
        else
            apply(v, vife % 128, from_master)
        end
    end
end

local function value_information(q)
    q = q or { T.reserved }
    return {
        quantity = q[1],
        unit = q[2] or "",
        exponent = q[3] or 0,
        factor = q[4] or 1,
        coding = q[5] or "SIGNED",
        offset = 0,
        qualifiers = {},
    }
end

-- The meaning of a whole VIB, or nil and the number of VIFEs that are too many.
local function decode_vib(vib, from_master)
    local first, v, vifes, count = octet(vib, 0), nil, nil, #vib - 1
    if is_plain(first) then
        local text
        text, vifes = plain_text(vib, 0)
        v, count = value_information({ "plain text" }), #vifes
        v.vif_text = M.quoted(text)
    elseif first == 0xFB then
        v, vifes = value_information(T.fb[octet(vib, 1) % 128]), slice(vib, 2, #vib)
    elseif first == 0xFD and octet(vib, 1) == 0xFD then
        v, vifes = value_information(T.fd_fd[octet(vib, 2) % 128]), slice(vib, 3, #vib)
    elseif first == 0xFD then
        v, vifes = value_information(T.fd[octet(vib, 1) % 128]), slice(vib, 2, #vib)
    else
        v, vifes = value_information(T.primary[first % 128]), slice(vib, 1, #vib)
    end
    if count > MAX_EXTENSIONS then
        return nil, count
    end
    if (first % 128 == 0x7F or first % 128 == 0x6F) and vifes ~= "" then
        qualify(v, T.manufacturer_vifes .. hex(vifes, " "))
    else
        read_vifes(v, vifes, from_master)
    end
    return v
end

-- The meaning of a whole DIB.
local function decode_dib(dib)
    local dif = octet(dib, 0)
    local d = {
        field = T.fields[dif % 16][1],
        size = T.fields[dif % 16][2],
        func = bits(dif, 4, 2),
        storage = bits(dif, 6, 1),
        tariff = 0,
        subunit = 0,
    }
    if d.field == "SPECIAL" then
        d.func, d.storage = 0, 0
        return d
    end
    for i = 1, #dib - 1 do
        local dife = octet(dib, i)
        d.storage = d.storage + math.floor(dife % 16 * 2 ^ (4 * i - 3))
        d.tariff = d.tariff + math.floor(bits(dife, 4, 2) * 4 ^ (i - 1))
        d.subunit = d.subunit + math.floor(bits(dife, 6, 1) * 2 ^ (i - 1))
    end
    return d
end

-- The words for a record without its value.
local function name_of(record)
    local d, v = record.d, record.v
    local parts = { v.vif_text and v.quantity .. " " .. v.vif_text or v.quantity }
    for _, number in ipairs({ "storage", "tariff", "subunit" }) do
        if d[number] ~= 0 then
            parts[#parts + 1] = number .. " " .. whole(d[number])
        end
    end
    if d.func > 0 then
        parts[#parts + 1] = d.func == 3 and "during error" or T.functions[d.func]
    end
    for _, text in ipairs(v.qualifiers) do
        parts[#parts + 1] = text
    end
    if record.is_summer_time then
        parts[#parts + 1] = "summer time"
    end
    if v.action then
        parts[#parts + 1] = "action: " .. v.action
    end
    if v.error and v.error ~= 0 then
        parts[#parts + 1] = "record error: " .. T.record_errors[v.error]
    end
    return table.concat(parts, ", ")
end

-- Is one of the bytes from `first` to before `stop` masked? `masked`: pairs of first index and the one after the last.
local function is_masked(masked, first, stop)
    for _, range in ipairs(masked) do
        if first < range[2] and range[1] < stop then
            return range[2]
        end
    end
    return nil
end

-- Give a record its value. `raw`: the data bytes as sent.
local function evaluate(record, raw, msb_first)
    local d, v = record.d, record.v
    local mode_1 = raw
    if msb_first then
        mode_1 = d.size and raw:reverse() or raw:sub(1, 1) .. raw:sub(2):reverse()
    end
    local text, double, reason = M.convert(d.field, v, mode_1)
    if text then
        record.text, record.double, record.reason = text, double, reason
        record.unit = double and v.unit ~= "" and v.unit or nil
    else
        record.text, record.reason = "(" .. double .. ")", double
    end
    local has_bit = v.coding == "TIME_POINT" and (d.field == "INT32" or d.field == "INT48")
    record.is_summer_time = has_bit and not record.reason and M.is_summer_time(raw)
    record.name = name_of(record)
    return record
end

local function is_padding(rest)
    return not rest:gsub("\31$", ""):gsub("/+$", ""):find("[^\0]")
end

-- Read one record; return it and the index after it, or nil and the failure.
local function read_record(data, at, stop, options)
    local dif = octet(data, at)
    local vib_at, end_at, cut = chain_end(data, at), nil, nil
    if vib_at and dif == 0x7F then
        end_at = vib_at
    elseif vib_at then
        end_at, cut = vib_end(data, vib_at)
    end
    if not end_at then
        return nil, failure("premature_end", cut or "the data ends inside the DIF or VIF of a record", stop)
    end
    local record = { at = at, dib = slice(data, at, vib_at), vib = slice(data, vib_at, end_at), masked = false }
    if #record.dib - 1 > MAX_EXTENSIONS then
        local text = whole(#record.dib - 1) .. " DIFEs, but a record has at most 10"
        return nil, failure("too_many_dife", text, at + 1 + MAX_EXTENSIONS)
    end
    record.d = decode_dib(record.dib)
    if record.d.field == "SPECIAL" then
        record.v = value_information({ "global readout" })
    else
        local count
        record.v, count = decode_vib(record.vib, options.from_master)
        if not record.v then
            local text = whole(count) .. " VIFEs, but a record has at most 10"
            return nil, failure("too_many_vife", text, vib_at + 1 + MAX_EXTENSIONS)
        end
    end
    record.data_at = end_at
    local size = record.d.size
    if not size then
        local code = octet(data, end_at)
        if not code then
            return nil, failure("premature_end", "the data ends before the length byte of a record", end_at)
        end
        local hidden = is_masked(options.masked, end_at, end_at + 1)
        size = hidden and hidden - end_at or T.lvar_sizes[code] and T.lvar_sizes[code] + 1
        if not size then
            local text = string.format("the length byte %02X is reserved, so the end of the record is unknown", code)
            return nil, failure("reserved_lvar", text, end_at)
        end
    end
    if end_at + size > stop then
        local text = "the data ends inside a record of " .. whole(end_at + size - at) .. " bytes"
        return nil, failure("premature_end", text, stop)
    end
    record.stop = end_at + size
    if is_masked(options.masked, end_at, record.stop) then
        record.masked, record.text, record.reason, record.name = true, "**", "masked", name_of(record)
    else
        evaluate(record, slice(data, end_at, record.stop), options.msb_first)
    end
    return record
end

-- The records from `at` on, to before `stop`. `options`: from_master, msb_first, masked. The result has what could not
-- be decoded as `rest_at`, and the reason as `fault`, or `is_hidden` if it is masked.
local function decode_records(data, at, stop, options)
    local block = { records = {}, more = false }
    data = slice(data, 0, stop)
    while at < stop do
        local dif, fault, record = octet(data, at), nil, nil
        if is_masked(options.masked, at, at + 1) then
            block.rest_at, block.is_hidden = at, true
            return block
        elseif dif == 0x0F or dif == 0x1F then
            block.more, block.manufacturer_at = dif == 0x1F, at + 1
            return block
        elseif dif % 16 == 15 and dif ~= 0x2F and dif ~= 0x7F then
            fault = failure("reserved_dif", string.format("DIF %02X is reserved", dif), at)
        elseif dif == 0 and not options.from_master and is_padding(slice(data, at, stop)) then
            fault = failure("padding", "only 00 bytes follow, which are padding and not a record", at)
        elseif dif == 0x2F then
            at = at + 1
        else
            record, fault = read_record(data, at, stop, options)
        end
        if fault then
            block.rest_at, block.fault, block.more = at, fault, octet(data, stop - 1) == 0x1F
            return block
        elseif record then
            block.records[#block.records + 1] = record
            at = record.stop
        end
    end
    return block
end

M.octet, M.slice, M.failure, M.decode_records, M.evaluate = octet, slice, failure, decode_records, evaluate
M.value_information, M.is_masked = value_information, is_masked
