-- The frame of an M-Bus telegram: its checks, and its fields as items of a tree.
-- `out:add(field, at, size, value, label)` adds an item and returns it; `out:warn(severity, text)` marks one.

local whole, bits = M.whole, M.bits
local octet, failure = M.octet, M.failure

-- The frame: kind, c, a, ci, or the failure as well.
local function parse_frame(data, is_masked)
    local function ended(size, covered, frame)
        if #data < size then
            return nil, failure("truncated", ("the frame must have %d bytes, but has only %d"):format(size, #data), #data)
        elseif #data > size then
            return nil, failure("trailing", ("the frame ends after %d bytes, but there are %d"):format(size, #data), size)
        end
        local sum = 0
        for at = covered, size - 3 do
            sum = (sum + octet(data, at)) % 256
        end
        if sum ~= octet(data, size - 2) and not is_masked then
            local text = ("the checksum is %02X, but the bytes add up to %02X"):format(octet(data, size - 2), sum)
            return frame, failure("bad_checksum", text, size - 2)
        elseif octet(data, size - 1) ~= 0x16 then
            return frame, failure("bad_stop", ("the stop byte is %02X, not 16"):format(octet(data, size - 1)), size - 1)
        end
        return frame
    end

    local start = octet(data, 0)
    if not start then
        return nil, failure("empty", "no bytes")
    elseif start == 0xE5 then
        if #data > 1 then
            return nil, failure("trailing", ("the frame ends after 1 bytes, but there are %d"):format(#data), 1)
        end
        return { kind = "ack" }
    elseif start == 0x10 then
        return ended(5, 1, #data >= 3 and { kind = "short", c_at = 1, c = octet(data, 1), a = octet(data, 2) })
    elseif start ~= 0x68 then
        return nil, failure("bad_start", ("a frame starts with E5, 10 or 68, not %02X"):format(start), 0)
    elseif #data < 4 then
        return nil, failure("truncated", "the frame ends inside its four start and length bytes", #data)
    end
    local size, again = octet(data, 1), octet(data, 2)
    if size ~= again then
        return nil, failure("bad_length", ("the length bytes %02X and %02X differ"):format(size, again), 2)
    elseif size < 3 then
        return nil, failure("bad_length", ("a length of %d leaves no room for C, A and CI"):format(size), 1)
    elseif octet(data, 3) ~= 0x68 then
        return nil, failure("bad_start", ("the second start byte is %02X, not 68"):format(octet(data, 3)), 3)
    end
    local frame
    if #data >= 7 then
        frame = { kind = size > 3 and "long" or "control", c_at = 4 }
        frame.c, frame.a, frame.ci = octet(data, 4), octet(data, 5), octet(data, 6)
    end
    return ended(size + 6, 4, frame)
end

local function function_of(c)
    return c == 0x40 and "SND_NKE" or T.control[c - bits(c, 4, 2) * 16] or ("C=%02X"):format(c)
end

local function function_and_address(frame)
    local name, from_master = function_of(frame.c), bits(frame.c, 6, 1) == 1
    if from_master and bits(frame.c, 4, 1) == 1 then
        name = name .. " FCB=" .. whole(bits(frame.c, 5, 1))
    end
    return name .. (from_master and " to " or " from ") .. whole(frame.a)
end

local function add_frame(out, data, frame)
    local from_master = bits(frame.c, 6, 1) == 1
    local c = out:add("mbus.c", frame.c_at, 1, frame.c, ("C field: %02X, %s"):format(frame.c, function_of(frame.c)))
    c:add("mbus.function", frame.c_at, 1, function_of(frame.c))
    if from_master then
        c:add("mbus.fcb", frame.c_at, 1, bits(frame.c, 5, 1) == 1)
        c:add("mbus.fcv", frame.c_at, 1, bits(frame.c, 4, 1) == 1)
    end
    local name = T.addresses[frame.a]
    out:add("mbus.addr", frame.c_at + 1, 1, frame.a, "Address: " .. whole(frame.a) .. (name and " (" .. name .. ")" or ""))
    if frame.ci then
        local words = from_master and T.ci_master[frame.ci] or not from_master and T.ci_slave[frame.ci]
        out:add("mbus.ci", 6, 1, frame.ci, ("CI field: %02X%s"):format(frame.ci, words and ", " .. words or ""))
    end
end

M.parse_frame, M.add_frame = parse_frame, add_frame
M.function_of, M.function_and_address = function_of, function_and_address
