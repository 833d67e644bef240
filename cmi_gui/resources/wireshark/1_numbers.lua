-- Exact numbers of any length, as decimal digits: a double holds only 15 of them.
-- The operators of Lua 5.3 are avoided, because Wireshark up to 4.2 has Lua 5.2.

local LIMB = 10000000 -- seven digits; a limb times 86400 is still exact in a double

local function whole(number)
    return string.format("%d", number)
end

local function bits(value, low, count)
    return math.floor(math.floor(value / 2 ^ low) % 2 ^ count)
end

local function hex(octets, separator)
    local text = octets:gsub(".", function(c)
        return string.format("%02X", c:byte()) .. (separator or "")
    end)
    return separator and text:sub(1, -1 - #separator) or text
end

-- A number is a list of limbs, the lowest first. `inverted`: of the one's complement.
local function from_octets(octets, inverted)
    local limbs = { 0 }
    for at = #octets, 1, -1 do
        local carry = inverted and 255 - octets:byte(at) or octets:byte(at)
        for i = 1, #limbs do
            local n = limbs[i] * 256 + carry
            limbs[i] = n % LIMB
            carry = math.floor(n / LIMB)
        end
        if carry > 0 then
            limbs[#limbs + 1] = carry
        end
    end
    return limbs
end

local function from_digits(digits)
    local limbs = {}
    for at = #digits, 1, -7 do
        limbs[#limbs + 1] = tonumber(digits:sub(math.max(1, at - 6), at))
    end
    return limbs
end

local function to_digits(limbs)
    local parts = {}
    for i = #limbs, 1, -1 do
        parts[#parts + 1] = string.format("%07d", limbs[i])
    end
    local digits = table.concat(parts):gsub("^0+", "")
    return digits == "" and "0" or digits
end

local function times(limbs, factor)
    local product, carry = {}, 0
    for i = 1, #limbs do
        local n = limbs[i] * factor + carry
        product[i] = n % LIMB
        carry = math.floor(n / LIMB)
    end
    product[#product + 1] = carry
    return product
end

-- The sum, or with sign -1 the difference, of which `one` must be the larger number.
local function sum(one, other, sign)
    local result, carry = {}, 0
    for i = 1, math.max(#one, #other) do
        local n = (one[i] or 0) + sign * (other[i] or 0) + carry
        result[i] = n % LIMB
        carry = math.floor(n / LIMB)
    end
    result[#result + 1] = carry
    return result
end

local function is_less(one, other)
    local a, b = to_digits(one), to_digits(other)
    if #a ~= #b then
        return #a < #b
    end
    return a < b
end

-- Two's complement of any length, least significant octet first.
local function signed(octets)
    local negative = octets:byte(-1) >= 128
    local limbs = from_octets(octets, negative)
    return negative, negative and sum(limbs, { 1 }, 1) or limbs
end

-- The text and the double of number x factor x 10^exponent + offset; `v`: the value information.
local function scaled(negative, limbs, v)
    local exponent = v.exponent
    limbs = times(limbs, v.factor)
    if v.decimals then
        local low = math.min(exponent, -v.decimals)
        local offset = from_digits(whole(v.offset / 10 ^ (3 - v.decimals)) .. ("0"):rep(-v.decimals - low))
        limbs, exponent = from_digits(to_digits(limbs) .. ("0"):rep(exponent - low)), low
        if not negative then
            limbs = sum(limbs, offset, 1)
        elseif is_less(limbs, offset) then
            negative, limbs = false, sum(offset, limbs, -1)
        else
            limbs = sum(limbs, offset, -1)
        end
    end
    local digits = to_digits(limbs)
    local sign = negative and digits ~= "0" and "-" or ""
    -- Without a decimal point, which depends on the language of the system.
    local double = tonumber(sign .. digits .. "e" .. whole(exponent))
    if exponent < 0 then
        digits = ("0"):rep(1 - exponent - #digits) .. digits
        digits = digits:sub(1, exponent - 1) .. "." .. digits:sub(exponent)
    elseif digits ~= "0" then
        digits = digits .. ("0"):rep(exponent)
    end
    return sign .. digits, double
end

-- The same of a real number: seven digits, of which none is invented. Nothing for NaN and infinity.
local function scaled_real(octets, v)
    local mantissa = octets:byte(1) + octets:byte(2) * 256 + octets:byte(3) % 128 * 65536
    local exponent = octets:byte(4) % 128 * 2 + math.floor(octets:byte(3) / 128)
    if exponent == 255 then
        return nil
    end
    local value = exponent == 0 and mantissa * 2 ^ -149 or (mantissa + 2 ^ 23) * 2 ^ (exponent - 150)
    if octets:byte(4) >= 128 then
        value = -value
    end
    value = value * v.factor
    value = v.exponent < 0 and value / 10 ^ -v.exponent or value * 10 ^ v.exponent
    value = value + v.offset / 1000
    if value == 0 then
        return "0", 0
    end
    local text = string.format("%.7g", value):gsub(",", ".")
    return text, value
end

M.whole, M.bits, M.hex = whole, bits, hex
M.from_octets, M.from_digits, M.signed = from_octets, from_digits, signed
M.scaled, M.scaled_real = scaled, scaled_real
