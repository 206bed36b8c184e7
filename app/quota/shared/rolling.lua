-- What `app/quota/rolling.py` does, step by step; a test runs both side by side.

local EXACT_MAX, KEPT = 500, 1
local DAY_SECONDS, KEPT_OF_DAY = 86400, 0.1

local rolling = {}

function rolling.new(allowance)
    return {
        limit = allowance.limit, seconds = allowance.window_seconds, logged = 0, log = {},
        others = 0, others_until = 0, closed_until = 0,
    }
end

function rolling.roll(w, now)
    local since = now - w.seconds
    while w.log[1] and w.log[1][1] <= since do
        w.logged = w.logged - table.remove(w.log, 1)[2]
    end
    if w.others > 0 and w.others_until <= now then
        w.others = 0
    end
end

function rolling.free(w, now)
    if now < w.closed_until then
        return 0
    end
    return w.limit - w.logged - w.others - w.unanswered
end

function rolling.at_once_max()
    return math.huge
end

function rolling.kept(w)
    if w.limit <= KEPT then
        return 0
    end
    local is_day = w.seconds >= DAY_SECONDS and w.limit < math.huge
    return is_day and math.max(w.limit * KEPT_OF_DAY, KEPT) or KEPT
end

function rolling.began(w, now)
    return math.floor(now / w.seconds)
end

function rolling.left_share()
    return 1
end

function rolling.wait(w, now, missing)
    if now < w.closed_until then
        return w.closed_until - now, true
    end
    local due = {}
    for _, entry in ipairs(w.log) do
        due[#due + 1] = { entry[1] + w.seconds, entry[2] }
    end
    if w.others > 0 then
        due[#due + 1] = { w.others_until, math.floor(w.others) + 1 }
    end
    table.sort(due, function(a, b) return a[1] < b[1] end)
    for _, entry in ipairs(due) do
        missing = missing - entry[2]
        if missing <= 0 then
            return math.max(entry[1] - now, 0.001), w.unanswered == 0
        end
    end
    return SOON_SECONDS, false
end

local function enter(w, at)
    w.logged = w.logged + 1
    if w.limit > EXACT_MAX then
        local grain_seconds = w.seconds / EXACT_MAX
        at = math.ceil(at / grain_seconds) * grain_seconds
    end
    local last = w.log[#w.log]
    if last and last[1] >= at then
        last[2] = last[2] + 1
    else
        w.log[#w.log + 1] = { at, 1 }
    end
end

function rolling.answered(w, _, at, told)
    w.unanswered = math.max(w.unanswered - 1, 0)
    enter(w, at)
    if not told then
        return
    end
    if told.limit then
        w.limit = told.limit
    end
    if told.is_throttled then
        w.closed_until = math.max(w.closed_until, at + (told.ends_in_seconds or THROTTLED_SECONDS))
    elseif told.remaining then
        w.others = math.max(w.limit - told.remaining - w.logged, 0)
        w.others_until = at + w.seconds
    end
end

-- So many calls were sent by another count, in the span that ends now.
function rolling.add(w, now, count)
    w.others, w.others_until = w.others + count, now + w.seconds
end

function rolling.use(w, now)
    return {
        w.limit, w.logged + w.unanswered, w.others, math.max(rolling.free(w, now), 0),
        now < w.closed_until and w.closed_until - now or -1, w.seconds,
    }
end
