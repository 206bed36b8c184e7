-- What `app/quota/aligned.py` and `app/quota/foreign.py` do, step by step; a test runs both side by side.
-- A window here is a table with the same names. It has no `share`, and its unit is calls.

local DRIFT, BLURRED_SECONDS, THROTTLED_SECONDS, KEPT_SHARE, LAST_SHARE = 0.0001, 0.1, 1.0, 0.04, 0.25
local UNHEARD_MAX, SOON_SECONDS = 2, 0.02
local FORGET, NOTICED_MIN, HELD_SHARE, UNSURE_MAX, SPARE, LEFT_PER_CALL = 0.8, 0.5, 0.03, 1, 2.0, 8
local LEFT_PER_CALL_ALONE, SPANS = 4, 8
local EPOCH = 0

local aligned = {}

local function round_tenth(value)
    return math.floor(value * 10 + 0.5) / 10
end

local function is_noticed(w)
    return w.usual >= NOTICED_MIN or w.seen - w.before >= 1
end

local function see(w, spent, span)
    if w.span == 0 then
        w.seen = math.max(spent, 0)
        w.before, w.span = w.seen, span
    elseif w.usual < NOTICED_MIN or w.unanswered <= UNSURE_MAX then
        w.seen, w.span = math.max(w.seen, spent), math.max(w.span, span)
    end
end

local function expected(w, left_seconds, left)
    left_seconds = math.max(left_seconds, 0)
    if w.usual >= NOTICED_MIN then
        local at_their_pace = (w.usual + w.seen) / (w.seconds + w.span) * left_seconds
        return math.min(at_their_pace, math.max(w.usual - w.seen, 0)) + SPARE
    end
    local pace = (w.seen - w.before) / (w.seconds / 4 + w.span)
    return math.min(pace * left_seconds, left / 2) + SPARE
end

function aligned.new(allowance)
    return {
        limit = allowance.limit, seconds = allowance.window_seconds, answered_count = 0, told_at = EPOCH,
        is_end_told = false, before = 0, opening = 0, opening_before = 0, usual = 0, seen = 0, span = 0,
    }
end

function aligned.left(w)
    return w.remaining or w.limit
end

local function close_foreign(w, unseen)
    if w.span > 0 then
        local pace = w.seconds / math.max(w.span, w.seconds / SPANS)
        local spent = math.min(w.before + (w.seen - w.before) * pace, w.limit)
        w.usual = w.usual < NOTICED_MIN and spent or (w.usual + spent) / 2
    end
    w.usual = w.usual * FORGET ^ math.min(unseen, 50)
    w.seen, w.before, w.span = 0, 0, 0
end

local function learn_limit(w)
    if w.answered_count > 0 and w.started then
        local opened = aligned.left(w) + w.answered_count == w.opening and w.opening or 0
        if opened > 0 and opened == w.opening_before and opened < w.limit then
            w.limit, w.usual = opened, 0
        end
        w.opening_before = opened
    end
    w.opening = 0
end

local function begin(w, started, ends, unseen)
    if w.answered_count == 0 then
        unseen = unseen + 1
    end
    close_foreign(w, unseen)
    learn_limit(w)
    w.started, w.told_first = started, nil
    w.is_end_told = ends ~= nil
    w.ends = ends or started + w.seconds * (1 + DRIFT)
    w.remaining, w.answered_count, w.told_at = nil, 0, EPOCH
end

function aligned.roll(w, now)
    if not w.ends or now < w.ends then
        return
    end
    if not w.started and not w.is_end_told then
        w.ends, w.remaining, w.answered_count = nil, nil, 0
        return
    end
    local unseen = math.floor((now - w.ends) / w.seconds)
    begin(w, w.ends + unseen * w.seconds, nil, unseen)
end

function aligned.left_share(w, now)
    if not w.ends then
        return 1
    end
    return math.min(math.max((w.ends - now) / w.seconds, 0), 1)
end

local function spread(w, now)
    return math.max(aligned.left_share(w, now) - LAST_SHARE, 0) / (1 - LAST_SHARE)
end

function aligned.free(w, now)
    local left = aligned.left(w)
    if w.started and now < w.started then
        return 0
    end
    if w.ends and is_noticed(w) then
        left = left - expected(w, w.ends - math.max(w.told_at, w.started or 0), left)
        left = left - w.limit * HELD_SHARE * spread(w, now)
    end
    return left - w.unanswered
end

function aligned.at_once_max(w)
    if not w.ends then
        return UNHEARD_MAX
    end
    return math.max(math.floor(aligned.left(w) / (is_noticed(w) and LEFT_PER_CALL or LEFT_PER_CALL_ALONE)), 1)
end

function aligned.kept(w, now)
    return w.limit * KEPT_SHARE * spread(w, now)
end

function aligned.began(w)
    return w.started or 0
end

function aligned.wait(w, now, missing)
    if not w.ends then
        return SOON_SECONDS, false
    end
    local until_end = math.max(w.ends - now, 0.001)
    if aligned.left(w) <= 0 and w.unanswered == 0 then
        return until_end, true
    end
    if w.unanswered > 0 then
        return math.min(SOON_SECONDS, until_end), false
    end
    if w.started and now < w.started then
        return w.started - now, true
    end
    local per_second = w.limit * (KEPT_SHARE + (is_noticed(w) and HELD_SHARE or 0)) / w.seconds / (1 - LAST_SHARE)
    return math.min(math.max(missing / per_second, 0.001), until_end), false
end

local function look_for_others(w, sent)
    local counted = aligned.left(w) + w.answered_count
    w.opening = math.max(w.opening, counted)
    if not w.started and not w.told_first then
        w.told_first = { sent, w.limit - counted }
    end
    local first = w.told_first or { w.started or 0, 0 }
    if aligned.left(w) > 0 then
        see(w, w.limit - counted - first[2] - w.unanswered, math.max(sent - first[1], 0.001))
    end
end

local function count(w, sent, told, limit)
    w.limit = limit or w.limit
    w.answered_count = w.answered_count + 1
    if not told then
        w.remaining = aligned.left(w) - 1
        return
    end
    local left = aligned.left(w)
    if told >= w.limit then
        w.limit = told + 1
        left = math.max(left, told)
    end
    w.remaining = math.max(math.min(left, told), 0)
    w.told_at = math.max(w.told_at, sent)
    look_for_others(w, sent)
end

local function is_of_this_window(w, earliest, latest, at)
    if not w.ends then
        begin(w, nil, latest, 0)
        return true
    end
    local middle = (earliest + latest) / 2
    local blurred = (latest - earliest) / 2 + math.min(BLURRED_SECONDS, w.seconds / 20)
    local is_last = w.started ~= nil and math.abs(middle - w.started) <= blurred
    if math.abs(middle - w.ends) <= blurred then
        if not is_last then
            w.ends = earliest > w.ends and latest or math.min(w.ends, latest)
            w.is_end_told = true
        end
        return true
    end
    if is_last then
        return false
    end
    local began = math.min(w.ends, at)
    if middle > w.ends then
        if w.is_end_told and middle - began > w.seconds + blurred then
            w.seconds = round_tenth(middle - began)
        end
        begin(w, began, latest, 0)
    else
        if not w.is_end_told and w.started then
            w.seconds = math.max(round_tenth(middle - w.started), 0.1)
        end
        w.ends, w.is_end_told = latest, true
    end
    return true
end

function aligned.answered(w, sent, at, told)
    w.unanswered = math.max(w.unanswered - 1, 0)
    local ends_in = told and told.ends_in_seconds
    if told and told.is_throttled and not ends_in then
        ends_in = THROTTLED_SECONDS
    end
    if not ends_in then
        if not w.started and not w.is_end_told then
            w.ends = at + w.seconds
        end
        count(w, sent, told and told.remaining, told and told.limit)
    elseif is_of_this_window(w, sent + ends_in, at + ends_in, at) then
        count(w, sent, told.remaining, told.limit)
    end
end

-- Nothing more in the window that the moment in so many seconds lies in, or before it.
function aligned.close(w, now, seconds)
    w.ends = math.max(w.ends or 0, now + seconds)
    w.is_end_told, w.remaining = true, 0
end

-- So many calls were sent by another count.
function aligned.add(w, _, count)
    w.remaining, w.answered_count = math.max(aligned.left(w) - count, 0), w.answered_count + count
end

function aligned.use(w, now)
    return {
        w.limit, w.answered_count + w.unanswered, w.seen, math.max(aligned.left(w) - w.unanswered, 0),
        w.ends and math.max(w.ends - now, 0) or -1, w.seconds,
    }
end
