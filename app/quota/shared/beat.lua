-- A process tells that it lives, and learns how many do and from when the shared count may be used.
-- KEYS: the processes, and the moment from which. ARGV: the process, and how long an emptied store is left alone.

local PROCESS_SECONDS = 10

local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 6 * PROCESS_SECONDS)
local ready_at = tonumber(redis.call('GET', KEYS[2]) or nil)
if not ready_at then
    -- Nobody knows what was used before: every process must have come back before any uses what is counted here.
    ready_at = now + tonumber(ARGV[2])
    redis.call('SET', KEYS[2], string.format('%.6f', ready_at))
end
return { redis.call('ZCOUNT', KEYS[1], now - PROCESS_SECONDS, '+inf'), string.format('%.6f', math.max(ready_at - now, 0)),
    string.format('%.6f', now) }
