-- One trip of one process for one account: what has happened since the last one, and who wants a call now.
-- KEYS: the processes; then the account; then each of the app's allowances. ARGV: the request, in MessagePack.
-- The account holds its windows, how many calls each process has under way, and everybody's share of the window.

local PROCESS_SECONDS, KEEP_SECONDS, ASKING_SECONDS, CALLERS_MAX = 10, 172800, 1.0, 256
local WANTING_SECONDS, TURN_SECONDS, KEPT_PLACES = 0.25, 0.02, 5

local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local request = cmsgpack.unpack(ARGV[1])
local me = request.process
redis.call('ZADD', KEYS[1], now, me)

local kinds = { aligned = aligned, rolling = rolling }

-- A process that is gone leaves calls behind of which nobody will learn whether they counted.
local function without_the_dead(state)
    for name, process in pairs(state.processes) do
        if name ~= me then
            local beaten = tonumber(redis.call('ZSCORE', KEYS[1], name) or 0)
            if beaten < now - PROCESS_SECONDS then
                state.dead = state.dead + process.unanswered
                state.processes[name] = nil
            end
        end
    end
end

local function load(key)
    local packed = redis.call('GET', key)
    local state = packed and cmsgpack.unpack(packed) or { windows = {}, processes = {}, taken = {}, asked_at = {} }
    state.key, state.dead = key, 0
    without_the_dead(state)
    state.processes[me] = state.processes[me] or { inside = 0, unanswered = 0, callers = {}, wants = {} }
    state.unanswered, state.inside = state.dead, 0
    for _, process in pairs(state.processes) do
        state.unanswered = state.unanswered + process.unanswered
        state.inside = state.inside + process.inside
    end
    return state
end

local states, windows = {}, {}
for index = 2, #KEYS do
    states[#states + 1] = load(KEYS[index])
end
local account = states[1]

for _, allowance in ipairs(request.allowances) do
    local state, kind = states[allowance.key], kinds[allowance.kind]
    local window = state.windows[allowance.name] or kind.new(allowance)
    state.windows[allowance.name] = window
    window.unanswered = state.unanswered
    kind.roll(window, now)
    for _ = 1, state.dead do
        kind.answered(window, now, now, nil)
    end
    windows[#windows + 1] = { name = allowance.name, kind = kind, state = state, window = window }
end

local function answered(event)
    for _, state in ipairs(states) do
        state.processes[me].unanswered = math.max(state.processes[me].unanswered - 1, 0)
    end
    for _, each in ipairs(windows) do
        if event.kind == 'unsent' then
            each.window.unanswered = math.max(each.window.unanswered - 1, 0)
        else
            each.kind.answered(each.window, event.sent, event.at, event.told and event.told[each.name])
        end
    end
end

-- What a process did by its own count while it could not come here: as many calls, or the whole window for all it knows.
local function elsewhere(event)
    for _, each in ipairs(windows) do
        local count, seconds = event.counts[each.name], event.closed[each.name]
        if seconds then
            each.kind.close(each.window, now, seconds)
        elseif count then
            each.kind.add(each.window, now, count)
        end
    end
end

local function left(caller)
    local process = account.processes[me]
    if (process.callers[caller] or 0) > 0 then
        process.inside, account.inside = process.inside - 1, account.inside - 1
        process.callers[caller] = process.callers[caller] > 1 and process.callers[caller] - 1 or nil
    end
end

for _, event in ipairs(request.events) do
    if event.kind == 'left' then
        left(event.caller)
    elseif event.kind == 'elsewhere' then
        elsewhere(event)
    else
        answered(event)
    end
end

local function share_anew()
    local began = 0
    for _, each in ipairs(windows) do
        began = math.max(began, each.kind.began(each.window, now))
    end
    if began ~= account.shares_began then
        account.shares_began, account.taken, account.asked_at = began, {}, {}
    end
end

-- How many places each caller may have while one at another process has fewer and waits; nil while nobody does.
local function part_of_places(inside_of)
    local known, elsewhere, count = {}, {}, 0
    for name, process in pairs(account.processes) do
        for caller, inside in pairs(process.callers) do
            inside_of[caller], known[caller] = (inside_of[caller] or 0) + inside, true
        end
        for caller, wants_until in pairs(process.wants) do
            if wants_until > now then
                known[caller] = true
                elsewhere[caller] = elsewhere[caller] or name ~= me
            end
        end
    end
    for _ in pairs(known) do
        count = count + 1
    end
    local part = math.max(math.floor(request.at_once_max / math.max(count, 1)), 1)
    for caller, is_elsewhere in pairs(elsewhere) do
        if is_elsewhere and (inside_of[caller] or 0) < part then
            return part
        end
    end
    return nil
end

local function has_place(caller, is_background)
    local places = request.at_once_max
    if is_background then
        places = places - math.floor(places / KEPT_PLACES)
    end
    if account.inside >= places then
        return false
    end
    local inside_of = {}
    local part = part_of_places(inside_of)
    return not part or (inside_of[caller] or 0) < part
end

local asked_count = 0
for _ in pairs(account.asked_at) do
    asked_count = asked_count + 1
end

local function note_ask(caller)
    if not account.asked_at[caller] then
        if asked_count >= CALLERS_MAX then
            return
        end
        asked_count = asked_count + 1
    end
    account.asked_at[caller] = now
end

local function wanted(caller, share, left_share)
    local taken = account.taken[caller] or 0
    local pace = 2 * (taken + 1) * left_share / math.max(1 - left_share, 0.001)
    return math.min(math.max(share - taken, 0), pace)
end

local function is_turn(caller, free, left_share)
    local asking, count, sum = {}, 0, 0
    for name, at in pairs(account.asked_at) do
        if at >= now - ASKING_SECONDS or name == caller then
            asking[name], count, sum = true, count + 1, sum + (account.taken[name] or 0)
        end
    end
    if count < 2 then
        return true
    end
    local share = (free + sum) / count
    if (account.taken[caller] or 0) < share then
        return true
    end
    for name in pairs(asking) do
        if name ~= caller then
            free = free - wanted(name, share, left_share)
        end
    end
    return free >= 1
end

-- 0: a permit; else why not, when to look again, which window, and whether it is sure.
local function take(caller, is_background)
    note_ask(caller)
    if not has_place(caller, is_background) then
        account.processes[me].wants[caller] = now + WANTING_SECONDS
        return { 'places', SOON_SECONDS, 0, false }
    end
    local scarcest, free_min = nil, math.huge
    for index, each in ipairs(windows) do
        local free = each.kind.free(each.window, now)
        if is_background then
            free = free - each.kind.kept(each.window, now)
        end
        if free < 1 or each.window.unanswered >= each.kind.at_once_max(each.window) then
            local wait, is_sure = each.kind.wait(each.window, now, math.max(1 - free, 0))
            return { 'allowance', wait, index, is_sure }
        end
        if free < free_min then
            scarcest, free_min = each, free
        end
    end
    if scarcest and not is_turn(caller, free_min, scarcest.kind.left_share(scarcest.window, now)) then
        return { 'turn', TURN_SECONDS, 0, false }
    end
    for _, each in ipairs(windows) do
        each.window.unanswered = each.window.unanswered + 1
    end
    for _, state in ipairs(states) do
        state.processes[me].unanswered = state.processes[me].unanswered + 1
    end
    if account.asked_at[caller] then
        account.taken[caller] = (account.taken[caller] or 0) + 1
    end
    local process = account.processes[me]
    process.inside, process.callers[caller] = process.inside + 1, (process.callers[caller] or 0) + 1
    account.inside = account.inside + 1
    return 0
end

share_anew()
account.processes[me].wants = {}
local answers = {}
for index, ask in ipairs(request.asks) do
    local last = answers[index - 1]
    if last and last ~= 0 and last[1] ~= 'turn' then
        answers[index] = last
    else
        answers[index] = take(ask[1], ask[2])
    end
end

local uses = {}
for index, each in ipairs(windows) do
    uses[index] = each.kind.use(each.window, now)
end

for _, state in ipairs(states) do
    local key = state.key
    state.key, state.dead, state.unanswered, state.inside = nil, nil, nil, nil
    redis.call('SET', key, cmsgpack.pack(state), 'EX', KEEP_SECONDS)
end
return cmsgpack.pack({ answers, uses, now })
