-- Forgets sandboxes: those that are named, all, or those that nobody used for so long.
-- KEYS  1 stores, 2 used
-- ARGV  1 what the names of records begin with, 2 those of logs, 3 'named', 'all' or 'idle',
--       4 the milliseconds, or the first of the names
local gone = {}
if ARGV[3] == 'named' then
  for at = 4, #ARGV do
    if redis.call('HEXISTS', KEYS[2], ARGV[at]) == 1 or redis.call('HEXISTS', KEYS[1], ARGV[at]) == 1 then
      gone[#gone + 1] = ARGV[at]
    end
  end
else
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local used = redis.call('HGETALL', KEYS[2])
  for at = 1, #used, 2 do
    if ARGV[3] == 'all' or now - (tonumber(used[at + 1]) or 0) >= tonumber(ARGV[4]) then
      gone[#gone + 1] = used[at]
    end
  end
end
for _, store in ipairs(gone) do
  redis.call('DEL', ARGV[1] .. store, ARGV[2] .. store)
  redis.call('HDEL', KEYS[1], store)
  redis.call('HDEL', KEYS[2], store)
end
return gone
