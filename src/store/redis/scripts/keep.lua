-- Keeps a page of a store, where nobody has written to it since the state that it was made of.
-- KEYS  1 meta, 2 stores, 3 used, 4 the store's records, 5 its log
-- ARGV  1 store, 2 epoch, 3 version, 4 '1' where all that was kept of it goes, 5 the page,
--       6 how many fields of the records are set; these with their values; those that are taken out
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'last')
if meta[1] ~= ARGV[2] then return {'begun'} end
local now = redis.call('HGET', KEYS[2], ARGV[1]) or meta[1]
if now ~= ARGV[3] then
  -- It may be that of who lost the answer to it, and asks again.
  local since = tonumber(ARGV[3])
  for at = 1, redis.call('LLEN', KEYS[5]) do
    local entry = redis.call('LINDEX', KEYS[5], -at)
    local made, from, page = string.match(entry, '^(%d+) (%d+) ()')
    if from == ARGV[3] and string.sub(entry, page) == ARGV[5] then return {'kept', made} end
    if tonumber(from) <= since then break end
  end
  return {'overtaken'}
end
-- A key of another's making fails here, before anything is written.
local bytes = tonumber(redis.call('HGET', KEYS[4], 'log') or '0')
local pages = redis.call('LLEN', KEYS[5])
redis.call('HLEN', KEYS[3])

local time = redis.call('TIME')
-- Later than any that was given before, also by a server that has forgotten which those were.
local last = math.max(tonumber(meta[2]) + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
local version = string.format('%.0f', last)
redis.call('HSET', KEYS[1], 'last', version)
redis.call('HSET', KEYS[2], ARGV[1], version)
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[1], string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)))
end
if ARGV[4] == '1' then
  redis.call('DEL', KEYS[4], KEYS[5])
  bytes = 0
else
  local entry = version .. ' ' .. ARGV[3] .. ' ' .. ARGV[5]
  redis.call('RPUSH', KEYS[5], entry)
  bytes = bytes + #entry
  pages = pages + 1
  while pages > 1000 or bytes > 8388608 do
    bytes = bytes - #redis.call('LPOP', KEYS[5])
    pages = pages - 1
  end
end
local at = 7
for _ = 1, tonumber(ARGV[6]) do
  redis.call('HSET', KEYS[4], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for gone = at, #ARGV do
  redis.call('HDEL', KEYS[4], ARGV[gone])
end
redis.call('HSET', KEYS[4], 'log', string.format('%.0f', bytes))
return {'kept', version}
