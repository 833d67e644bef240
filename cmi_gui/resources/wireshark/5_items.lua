-- Headers, records and OBIS codes of M-Bus telegrams, as items of a tree; see 4_frame.lua for `out`.

local whole, bits, hex = M.whole, M.bits, M.hex
local octet, slice = M.octet, M.slice

local function byte_count(number)
    return number == 1 and "1 byte" or whole(number) .. " bytes"
end

-- Records

local function add_record(out, record)
    local label = record.name .. ": " .. record.text .. (record.unit and " " .. record.unit or "")
    local at, vib_at = record.at, record.at + #record.dib
    local node = out:add("mbus.record", at, record.stop - at, record.name, label)
    if record.dib ~= "" then
        local dif = node:add("mbus.dif", at, #record.dib)
        dif:add("mbus.field", at, 1, record.d.field:lower())
        dif:add("mbus.value_function", at, 1, T.functions[record.d.func])
        dif:add("mbus.storage", at, #record.dib, record.d.storage)
        dif:add("mbus.tariff", at, #record.dib, record.d.tariff)
        dif:add("mbus.subunit", at, #record.dib, record.d.subunit)
    end
    if record.vib ~= "" then
        local vif = node:add("mbus.vif", vib_at, #record.vib)
        vif:add("mbus.quantity", vib_at, #record.vib, record.v.quantity)
        for _, text in ipairs(record.v.qualifiers) do
            vif:add("mbus.qualifier", vib_at, #record.vib, text)
        end
    end
    if record.obis then
        node:add("mbus.obis", at, record.stop - at, record.obis)
    end
    if record.v.unit ~= "" then
        node:add("mbus.unit", vib_at, #record.vib, record.v.unit)
    end
    node:add("mbus.text", record.data_at, record.stop - record.data_at, record.text)
    if record.double then
        node:add("mbus.value", record.data_at, record.stop - record.data_at, record.double)
    end
    if record.v.error and record.v.error ~= 0 then
        node:warn("reported", "record error: " .. T.record_errors[record.v.error])
    end
end

-- OBIS codes: the module's own by its mapping, others as gateways derive them.

local function derived_obis(vib)
    local first, rest = octet(vib, 0) % 128, slice(vib, 1, #vib)
    local second = octet(rest, 0)
    local function phase(text, codes)
        return #text == 2 and octet(text, 0) == 0xFC and codes[octet(text, 1)]
    end
    local function export(text, import, reverse)
        return text == "" and import or text == "\60" and reverse
    end
    if first <= 0x07 then
        return export(rest, "1.8", "2.8")
    elseif first >= 0x28 and first <= 0x2F then
        return export(rest, "1.7", "2.7") or phase(rest, { "21.7", "41.7", "61.7" })
    elseif first == 0x7B and second and bits(second, 1, 6) == 1 then
        return export(slice(rest, 1, #rest), "3.8", "4.8")
    elseif first == 0x7B and #rest == 1 and second >= 0x2C and second <= 0x2F then
        return "14.7"
    elseif first == 0x7D and second and bits(second, 4, 3) == 4 then
        return phase(slice(rest, 1, #rest), { "32.7", "52.7", "72.7" })
    elseif first == 0x7D and second and bits(second, 4, 3) == 5 then
        return phase(slice(rest, 1, #rest), { "31.7", "51.7", "71.7" })
    end
    return nil
end

local function obis_of(header, record)
    local own = T.own
    if header.manufacturer == own.manufacturer and header.device_type == own.device_type
        and header.version == own.version then
        local dif = octet(record.dib, 0)
        local dib = string.char(dif - bits(dif, 4, 2) * 16) .. slice(record.dib, 1, #record.dib)
        local code = T.own_codes[hex(dib) .. " " .. hex(record.vib)]
        local length = octet(record.vib, 1)
        if not code and dib == "\13" and octet(record.vib, 0) == 0x7C and length
            and length <= own.longest and #record.vib == 2 + length then
            code = M.utf8(slice(record.vib, 2, #record.vib):reverse())
        end
        return code
    elseif header.device_type ~= 2 or record.d.storage ~= 0 or record.d.subunit ~= 0 or record.vib == "" then
        return nil
    end
    local code = derived_obis(record.vib)
    if not code then
        return nil
    end
    return "1-0:" .. code .. "." .. (code:find("%.8$") and whole(record.d.tariff) or "0")
end

-- Add the records of a telegram and what follows them; return the words about a fault.
local function add_block(out, data, block, header)
    local stop = #data - 2
    for _, record in ipairs(block.records) do
        if header and not record.obis and #record.dib > 0 then
            record.obis = obis_of(header, record)
        end
        add_record(out, record)
    end
    if block.manufacturer_at and block.manufacturer_at < stop then
        out:add("mbus.manufacturer_data", block.manufacturer_at, stop - block.manufacturer_at)
    end
    if block.more then
        out:add("mbus.more", stop - 1, 1, true)
    end
    if block.is_hidden then
        out:add("mbus.masked", block.rest_at, stop - block.rest_at, true, "Masked: the bytes hold a secret")
    elseif block.fault then
        local rest = math.max(stop - block.rest_at, 0)
        local words = byte_count(rest) .. " not decoded: " .. block.fault.text
        local node = out:add("mbus.rest", block.rest_at, rest)
        node:add("mbus.fault", block.rest_at, rest, block.fault.code)
        node:warn("partial", words)
        return words
    end
    return nil
end

-- Headers

local function status_words(status, is_fixed)
    local words = {}
    if not is_fixed and status % 4 > 0 then
        words[1] = T.status_states[status % 4]
    end
    for bit = 2, 7 do
        if bits(status, bit, 1) == 1 then
            words[#words + 1] = T.status_bits[bit] or "manufacturer bit " .. whole(bit)
        end
    end
    return words
end

local function add_header(out, data, header, at)
    local node = out
    if header.id then
        node:add("mbus.id", at.id, 4, header.id)
    end
    if header.manufacturer then
        node:add("mbus.manufacturer", at.manufacturer, 2, header.manufacturer)
        node:add("mbus.version", at.version, 1, header.version)
    end
    if header.device_type then
        local names = header.is_fixed and T.fixed_media or T.device_types
        local label = ("Device type: %02X, %s"):format(header.device_type, names[header.device_type] or T.reserved)
        node:add("mbus.device_type", at.device_type, at.medium_size or 1, header.device_type, label)
    end
    node:add("mbus.access_number", at.access_number, 1, header.access_number)
    local words = status_words(header.status, header.is_fixed)
    local all = {}
    if header.is_fixed then
        for bit = 0, 1 do
            if bits(header.status, bit, 1) == 1 then
                all[#all + 1] = T.fixed_status_bits[bit]
            end
        end
    end
    for _, word in ipairs(words) do
        all[#all + 1] = word
    end
    local label = ("Status: %02X, %s"):format(header.status, #all > 0 and table.concat(all, ", ") or "no error")
    local status = node:add("mbus.status", at.status, 1, header.status, label)
    if #words > 0 then
        status:warn("reported", table.concat(words, ", "))
    end
    if header.signature then
        node:add("mbus.signature", at.signature, 2, header.signature)
    end
end

-- The number of encrypted bytes of `payload`: 0 if it is in clear, nil if that is unknown.
local function encrypted_size(signature, payload)
    local mode = T.security_modes[bits(signature, 8, 5)]
    if not mode or payload == "" or payload:sub(1, 2) == "//" then
        return 0
    elseif not mode[2] then
        return nil
    end
    local blocks = bits(signature, 4, 4)
    if blocks == 0 then
        return mode[1] == 0 and 0 or nil
    end
    local size = mode[1] + blocks * 16
    return size <= #payload and size or nil
end

local function is_implausible(record)
    if T.impossible[record.reason] or record.v.quantity:find("^" .. T.reserved) then
        return 1
    end
    for _, text in ipairs(record.v.qualifiers) do
        if text:find("^" .. T.reserved) then
            return 1
        end
    end
    return 0
end

local function looks_decoded(block, size)
    local count = 0
    for _, record in ipairs(block.records) do
        count = count + is_implausible(record)
    end
    return not block.fault and #block.records > 0 and (size < 16 or 4 * count <= #block.records)
end

M.byte_count, M.add_block, M.add_header, M.status_words = byte_count, add_block, add_header, status_words
M.encrypted_size, M.looks_decoded = encrypted_size, looks_decoded
