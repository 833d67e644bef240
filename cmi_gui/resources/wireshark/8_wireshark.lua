-- The dissectors: what Wireshark calls, and the fields by which it filters.

local SEVERITIES = {
    damaged = { "Damaged telegram", expert.group.MALFORMED, expert.severity.ERROR },
    partial = { "A part cannot be decoded", expert.group.UNDECODED, expert.severity.WARN },
    reported = { "The telegram reports an error", expert.group.RESPONSE_CODE, expert.severity.NOTE },
}

local function hexadecimal(name, title)
    return { name, "uint8", title, base.HEX }
end

local function decimal(name, title, kind)
    return { name, kind or "uint8", title, base.DEC }
end

local function text(name, title)
    return { name, "string", title }
end

local function octets(name, title)
    return { name, "bytes", title }
end

local function flag(name, title)
    return { name, "bool", title }
end

local function double(name, title)
    return { name, "double", title }
end

-- Give a protocol its fields, and its marks for damaged telegrams.
local function describe(proto, name, list)
    local fields, experts = {}, {}
    for _, field in ipairs(list) do
        fields[field[1]] = ProtoField[field[2]](field[1], field[3], field[4])
    end
    for mark, severity in pairs(SEVERITIES) do
        experts[mark] = ProtoExpert.new(name .. "." .. mark, severity[1], severity[2], severity[3])
    end
    proto.fields, proto.experts = fields, experts
    return { proto = proto, fields = fields, experts = experts }
end

local MBUS = describe(Proto("mbus", "M-Bus (EN 13757)"), "mbus", {
    hexadecimal("mbus.c", "C field"),
    text("mbus.function", "Function"),
    flag("mbus.fcb", "Frame count bit"),
    flag("mbus.fcv", "Frame count bit valid"),
    decimal("mbus.addr", "Address"),
    hexadecimal("mbus.ci", "CI field"),
    flag("mbus.ack", "Acknowledgement"),
    text("mbus.id", "Identification number"),
    text("mbus.manufacturer", "Manufacturer"),
    hexadecimal("mbus.version", "Version"),
    hexadecimal("mbus.device_type", "Device type"),
    decimal("mbus.access_number", "Access number"),
    hexadecimal("mbus.status", "Status"),
    { "mbus.signature", "uint16", "Signature or configuration", base.HEX },
    text("mbus.record", "Record"),
    octets("mbus.dif", "DIF and DIFEs"),
    text("mbus.field", "Data field"),
    text("mbus.value_function", "Kind of value"),
    { "mbus.storage", "uint64", "Storage number", base.DEC },
    decimal("mbus.tariff", "Tariff", "uint32"),
    decimal("mbus.subunit", "Subunit", "uint32"),
    octets("mbus.vif", "VIF and VIFEs"),
    text("mbus.quantity", "Quantity"),
    text("mbus.unit", "Unit"),
    text("mbus.qualifier", "Qualifier"),
    text("mbus.obis", "OBIS code"),
    text("mbus.text", "Value, exactly"),
    double("mbus.value", "Value"),
    octets("mbus.manufacturer_data", "Manufacturer's data"),
    flag("mbus.more", "Another telegram follows"),
    octets("mbus.encrypted", "Encrypted"),
    octets("mbus.rest", "Not decoded"),
    octets("mbus.data", "Data"),
    hexadecimal("mbus.application_error", "Application error"),
    hexadecimal("mbus.alarm", "Alarm"),
    hexadecimal("mbus.reset", "Application reset"),
    decimal("mbus.baud_rate", "New speed in bit/s", "uint32"),
    text("mbus.fault", "Fault"),
    flag("mbus.masked", "Masked"),
})

local IEC62056 = describe(Proto("iec62056", "IEC 62056-21"), "iec62056", {
    text("iec62056.address", "Device address"),
    text("iec62056.manufacturer", "Manufacturer"),
    text("iec62056.model", "Identification"),
    decimal("iec62056.baud", "Speed in bit/s", "uint32"),
    text("iec62056.mode", "Mode"),
    text("iec62056.handshake", "Handshake"),
    text("iec62056.command", "Command"),
    text("iec62056.line", "Line"),
    text("iec62056.set", "Data set"),
    text("iec62056.obis", "OBIS code"),
    text("iec62056.meaning", "Meaning"),
    text("iec62056.value", "Value, as sent"),
    double("iec62056.number", "Value"),
    text("iec62056.unit", "Unit"),
    text("iec62056.error", "Error message"),
    hexadecimal("iec62056.bcc", "Block check character"),
    text("iec62056.fault", "Fault"),
    flag("iec62056.masked", "Masked"),
})

local CAPTURE = describe(Proto("cmi_gui", "Capture of cmi_gui"), "cmi_gui", {
    text("cmi_gui.side", "Side"),
    text("cmi_gui.direction", "Direction"),
    text("cmi_gui.from", "Sender"),
    text("cmi_gui.kind", "Kind"),
    decimal("cmi_gui.speed", "Speed in bit/s", "uint32"),
    double("cmi_gui.took", "Time from the first bit, in seconds"),
    text("cmi_gui.link", "Link"),
    text("cmi_gui.remark", "Remark"),
    flag("cmi_gui.masked", "Passwords masked"),
    octets("cmi_gui.bytes", "Bytes"),
})

-- An item of the tree, with the methods that the functions of the protocols use.
local Node = {}
Node.__index = Node

local function node_of(protocol, tvb, item)
    return setmetatable({ protocol = protocol, tvb = tvb, item = item }, Node)
end

function Node:add(name, at, size, value, label)
    local field, item = self.protocol.fields[name], nil
    if name == "mbus.storage" then
        value = UInt64(math.floor(value % 2 ^ 32), math.floor(value / 2 ^ 32))
    end
    local range = size > 0 and at + size <= self.tvb:len() and self.tvb(at, size)
    if range and value == nil then
        item = self.item:add(field, range)
    elseif range then
        item = self.item:add(field, range, value)
    elseif value == nil then
        return self -- no bytes to show
    else
        item = self.item:add(field, value)
    end
    if label then
        item:set_text(label)
    end
    return node_of(self.protocol, self.tvb, item)
end

function Node:warn(mark, words)
    self.item:add_proto_expert_info(self.protocol.experts[mark], words)
end

local function raw(tvb)
    return tvb:len() > 0 and tvb:raw(0, tvb:len()) or ""
end

-- Dissect one telegram or message of a tvb that is not empty; return the words for the column Info.
local function dissect(protocol, decode, tvb, tree, masked)
    return decode(raw(tvb), node_of(protocol, tvb, tree:add(protocol.proto, tvb())), masked)
end

-- Streams of other captures, by "Decode As": each telegram of a TCP segment on its own.
local function stream_dissector(protocol, name, decode, size_of)
    function protocol.proto.dissector(tvb, pinfo, tree)
        local data, at, all = raw(tvb), 0, {}
        pinfo.cols.protocol = name
        while at < #data do
            local size = size_of(data, at)
            if not size and pinfo.can_desegment > 0 then
                pinfo.desegment_offset, pinfo.desegment_len = at, DESEGMENT_ONE_MORE_SEGMENT
                break
            end
            size = size or #data - at
            all[#all + 1] = dissect(protocol, decode, tvb(at, size):tvb(), tree, {})
            at = at + size
        end
        if #all > 0 then
            pinfo.cols.info = table.concat(all, " | ")
        end
        return #data
    end
    DissectorTable.get("tcp.port"):add_for_decode_as(protocol.proto)
end

stream_dissector(MBUS, "M-Bus", M.mbus, M.mbus_size)
stream_dissector(IEC62056, "IEC 62056-21", M.iec62056, M.iec62056_size)

-- Captures of cmi_gui

local function number_at(tvb, at, size)
    return at + size <= tvb:len() and tvb(at, size):uint() or nil
end

-- The header of a packet: its facts, or nil if the packet has another one.
local function read_header(tvb)
    if tvb:len() < 18 or tvb:raw(0, 2) ~= T.magic or number_at(tvb, 2, 1) ~= T.version then
        return nil
    end
    local header = { masked = {}, size = number_at(tvb, 6, 2), link_size = number_at(tvb, 16, 2) }
    header.ranges_at = 18 + header.link_size
    header.count = number_at(tvb, header.ranges_at, 2)
    header.remark_at = header.count and header.ranges_at + 2 + 8 * header.count
    header.remark_size = header.remark_at and number_at(tvb, header.remark_at, 2)
    local stop = header.remark_size and header.remark_at + 2 + header.remark_size
    if not stop or header.size < stop or header.size > tvb:len() then
        return nil
    end
    for i = 0, header.count - 1 do
        local at = header.ranges_at + 2 + 8 * i
        header.masked[i + 1] = { number_at(tvb, at, 4), number_at(tvb, at + 4, 4) }
    end
    return header
end

-- A text in UTF-8; damaged, it is taken for ISO 8859-1.
local function text_at(tvb, at, size)
    local text = size > 0 and tvb:raw(at, size) or ""
    local rest = text:gsub("[\194-\223][\128-\191]", ""):gsub("[\224-\239][\128-\191][\128-\191]", "")
    rest = rest:gsub("[\240-\244][\128-\191][\128-\191][\128-\191]", "")
    return rest:find("[\128-\255]") and M.utf8(text) or text
end

local function add_capture_header(out, tvb, header)
    local side, direction = T.sides[number_at(tvb, 3, 1)], T.directions[number_at(tvb, 4, 1)]
    local kind = T.kinds[number_at(tvb, 5, 1)]
    out:add("cmi_gui.side", 3, 1, side or "unknown")
    out:add("cmi_gui.direction", 4, 1, direction or "unknown")
    local from = side and direction and T.senders[side .. " " .. direction] or "unknown"
    out:add("cmi_gui.from", 3, 2, from)
    local item = out:add("cmi_gui.kind", 5, 1, kind and kind.name or "unknown")
    if kind and kind.mark then
        item:warn(kind.mark, kind.words)
    end
    if number_at(tvb, 8, 4) > 0 then
        out:add("cmi_gui.speed", 8, 4, number_at(tvb, 8, 4))
    end
    if number_at(tvb, 12, 4) < T.unknown_time then
        out:add("cmi_gui.took", 12, 4, number_at(tvb, 12, 4) / 1000000)
    end
    out:add("cmi_gui.link", 18, header.link_size, text_at(tvb, 18, header.link_size))
    if header.count > 0 then
        out:add("cmi_gui.masked", header.ranges_at, 2 + 8 * header.count, true)
    end
    local remark = text_at(tvb, header.remark_at + 2, header.remark_size)
    if remark ~= "" then
        out:add("cmi_gui.remark", header.remark_at + 2, header.remark_size, remark)
    end
    return side, kind, from, remark
end

function CAPTURE.proto.dissector(tvb, pinfo, tree)
    if tvb:len() == 0 then
        return 0
    end
    local header = read_header(tvb)
    local item = tree:add(CAPTURE.proto, tvb(0, header and header.size or tvb:len()))
    local out = node_of(CAPTURE, tvb, item)
    if not header then
        out:warn("partial", "no header of a capture of cmi_gui, or one of a newer version")
        return tvb:len()
    end
    local side, kind, from, remark = add_capture_header(out, tvb, header)
    local payload, words = tvb:len() - header.size, nil
    local name = side == "meter" and "IEC 62056-21" or "M-Bus"
    pinfo.cols.protocol, pinfo.cols.src, pinfo.cols.dst = name, from, T.receivers[from] or ""
    if payload > 0 and kind and kind.is_text then
        out:add("cmi_gui.bytes", header.size, payload)
    elseif payload > 0 then
        local protocol = side == "meter" and IEC62056 or MBUS
        local decode = side == "meter" and M.iec62056 or M.mbus
        words = dissect(protocol, decode, tvb(header.size):tvb(), tree, header.masked)
    end
    if kind and kind.words then
        if kind.is_telegram then
            words = kind.words .. ": " .. (words or "")
        else
            words = kind.words .. (payload > 0 and ": " .. M.byte_count(payload) or "")
        end
    end
    pinfo.cols.info = remark ~= "" and remark or words or ""
    return tvb:len()
end

DissectorTable.get("wtap_encap"):add((wtap_encaps or wtap).USER0, CAPTURE.proto)
