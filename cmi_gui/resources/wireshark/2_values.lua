-- Data bytes to values: types A to J and text. A function returns text and double (only of a number), or nil and the
-- reason why there is no value; `raw` has the least significant octet first.

local hex, bits = M.hex, M.bits
local NO_DATA, SELECTION, NOT_SET, INVALID = "no data", "selection for readout", "not set", T.invalid
local UNPRINTABLE = "[\0-\31\127-\160\173]"

-- ISO 8859-1 in UTF-8.
local function utf8(text)
    return (text:gsub("[\128-\255]", function(c)
        return string.char(192 + math.floor(c:byte() / 64), 128 + c:byte() % 64)
    end))
end

-- A text in quotes, with codes for what cannot be printed.
local function quoted(text)
    local quote = text:find("'", 1, true) and not text:find('"', 1, true) and '"' or "'"
    local names = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\\"] = "\\\\", [quote] = "\\" .. quote }
    text = text:gsub("[\\'\"]", names):gsub(UNPRINTABLE, function(c)
        return names[c] or string.format("\\x%02x", c:byte())
    end)
    return quote .. utf8(text) .. quote
end

local function shown(text)
    if text == "" then
        return "(empty)"
    end
    if text:find("^ ") or text:find(" $") or text:find(UNPRINTABLE) then
        return quoted(text)
    end
    return utf8(text)
end

local function manufacturer(raw)
    local code = raw:byte(1) + raw:byte(2) * 256
    return string.char(64 + bits(code, 10, 5), 64 + bits(code, 5, 5), 64 + bits(code, 0, 5))
end

local function identification(raw)
    return hex(raw:sub(1, 4):reverse())
end

-- Numbers

local function not_decimal(digits)
    return digits .. ", not decimal", nil, T.not_decimal
end

local function bcd(raw, v, is_unsigned)
    if raw == "" then
        return nil, NO_DATA
    end
    local digits = hex(raw:reverse())
    local negative = digits:sub(1, 1) == "F"
    local plain = negative and digits:sub(2) or digits
    if plain:find("%D") or (negative and is_unsigned and plain:find("[^0]")) then
        return not_decimal(digits)
    end
    return M.scaled(negative, M.from_digits(plain), v)
end

local function integer(raw, v, is_unsigned)
    if raw == "" then
        return nil, NO_DATA
    end
    if is_unsigned then
        return M.scaled(false, M.from_octets(raw), v)
    end
    if raw:byte(-1) == 128 and not raw:sub(1, -2):find("[^\0]") then
        return nil, INVALID
    end
    local negative, limbs = M.signed(raw)
    return M.scaled(negative, limbs, v)
end

local function variable(raw, v)
    local code, data = raw:byte(1), raw:sub(2)
    if code <= 0xBF then
        return shown(data:reverse())
    elseif code >= 0xE0 then
        return integer(data, v)
    elseif data == "" then
        return nil, NO_DATA
    end
    local digits = hex(data:reverse())
    local sign = code >= 0xD0 and "-" or ""
    -- The sign is in the length byte; only F before zeros is taken for a number, as in BCD of fixed length.
    local plain = digits:gsub("^F(0+)$", "0%1")
    if plain:find("%D") then
        return not_decimal(sign .. digits)
    end
    return M.scaled(sign == "-", M.from_digits(plain), v)
end

-- Dates and times: a field is nil for "every".

local function unless(value, every)
    if value == every then
        return nil
    end
    return value
end

local function digits(value, width)
    return value and string.format("%0" .. width .. "d", value) or ("X"):rep(width)
end

local function day_fields(low, high, hundreds)
    local short = math.floor(low / 32) + math.floor(high / 16) * 8
    local month = unless(high % 16, 15)
    if (short > 99 and short ~= 127) or (month and (month < 1 or month > 12)) then
        return nil
    end
    local year
    if short ~= 127 then
        year = (hundreds == 0 and short <= 80) and 2000 + short or 1900 + 100 * hundreds + short
    end
    return { year = year, month = month, day = unless(low % 32, 0) }
end

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function is_in_calendar(year, month, day)
    local leap = month == 2 and year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
    return day <= DAYS[month] + (leap and 1 or 0)
end

local function in_range(value, limit)
    return not value or value <= limit
end

-- `date`: nil if the bytes are no date; `time`: the fields hour, minute and second, as far as the type has them.
local function moment(date, time, fields)
    local complete = date.year and date.month and date.day
    for _, field in ipairs(fields) do
        if not in_range(time[field], field == "hour" and 23 or 59) then
            return nil, INVALID
        end
        complete = complete and time[field]
    end
    if complete and not is_in_calendar(date.year, date.month, date.day) then
        return nil, INVALID
    end
    local text = { digits(time.hour, 2) }
    for i = 2, #fields do
        text[i] = digits(time[fields[i]], 2)
    end
    local day = digits(date.year, 4) .. "-" .. digits(date.month, 2) .. "-" .. digits(date.day, 2)
    return #fields == 0 and day or day .. "T" .. table.concat(text, ":")
end

local function is_all(raw, code)
    return raw == string.char(code):rep(#raw)
end

local TIMES = {}

function TIMES.INT16(raw)
    if is_all(raw, 255) or is_all(raw, 0) then
        return nil, NOT_SET
    end
    local date = day_fields(raw:byte(1), raw:byte(2), 0)
    if not date then
        return nil, INVALID
    end
    return moment(date, {}, {})
end

function TIMES.INT24(raw)
    if is_all(raw, 255) then
        return nil, NOT_SET
    end
    local second, minute, hour = unless(raw:byte(1), 63), unless(raw:byte(2), 63), unless(raw:byte(3), 31)
    if not (in_range(second, 59) and in_range(minute, 59) and in_range(hour, 23)) then
        return nil, INVALID
    end
    return digits(hour, 2) .. ":" .. digits(minute, 2) .. ":" .. digits(second, 2)
end

function TIMES.INT32(raw)
    if is_all(raw, 255) or is_all(raw, 0) then
        return nil, NOT_SET
    end
    local first, second = raw:byte(1), raw:byte(2)
    local date = day_fields(raw:byte(3), raw:byte(4), bits(second, 5, 2))
    if first >= 128 or not date then
        return nil, INVALID
    end
    return moment(date, { hour = unless(second % 32, 31), minute = unless(first % 64, 63) }, { "hour", "minute" })
end

function TIMES.INT48(raw)
    if is_all(raw, 255) or is_all(raw, 0) then
        return nil, NOT_SET
    end
    local first, second, high = raw:byte(1), raw:byte(2), raw:byte(5)
    -- A month of 0 means "not specified" here.
    local date = day_fields(raw:byte(4), high % 16 == 0 and high + 15 or high, 0)
    if second >= 128 or not date then
        return nil, INVALID
    end
    local hour = unless(raw:byte(3) % 32, 31)
    local time = { hour = hour, minute = unless(second % 64, 63), second = unless(first % 64, 63) }
    return moment(date, time, { "hour", "minute", "second" })
end

-- The bit of summer time of types F and I.
local function is_summer_time(raw)
    if #raw == 4 then
        return raw:byte(2) >= 128
    end
    return bits(raw:byte(1), 6, 1) == 1
end

-- The value of a record: text, double, reason. `v`: its value information.
local function convert(field, v, raw)
    local coding = v.coding
    if v.error and v.error ~= 0 then
        return nil, T.record_error
    elseif field == "NONE" then
        return nil, NO_DATA
    elseif field == "SELECTION" or field == "SPECIAL" then
        return nil, SELECTION
    elseif coding == "OPAQUE" or (coding == "TIME_POINT" and field == "VARIABLE" and raw:byte(1) > 0xBF) then
        local octets = hex(field == "VARIABLE" and raw:sub(2) or raw)
        return octets == "" and "(empty)" or octets
    elseif coding == "TIME_POINT" and TIMES[field] then
        return TIMES[field](raw)
    elseif coding == "MANUFACTURER" and field == "INT16" then
        return manufacturer(raw)
    elseif coding == "IDENTIFICATION" and field == "INT64" then
        return identification(raw) .. " " .. manufacturer(raw:sub(5, 6)) .. " " .. hex(raw:sub(7), " ")
    elseif field == "VARIABLE" then
        return variable(raw, v)
    elseif field == "REAL32" then
        local text, double = M.scaled_real(raw, v)
        if not text then
            return nil, T.not_available
        end
        return text, double
    end
    local is_unsigned = coding == "UNSIGNED" or coding == "IDENTIFICATION"
    return (field:find("^BCD") and bcd or integer)(raw, v, is_unsigned)
end

M.utf8, M.quoted, M.shown, M.convert, M.is_summer_time = utf8, quoted, shown, convert, is_summer_time
M.manufacturer, M.identification = manufacturer, identification
