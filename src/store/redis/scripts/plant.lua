-- Forgets what is kept of an API, and takes other seeds, which were put aside before.
-- KEYS  1 meta, 2 stores, 3 used, 4 seeds, 5 the seeds that were put aside
-- ARGV  1 the epoch of those that go, or '', 2 format, 3 planting, 4 what the names of records
--       begin with, 5 those of logs
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'last')
if (meta[1] or '') ~= ARGV[1] then
  redis.call('DEL', KEYS[5])
  return {'begun'}
end
local time = redis.call('TIME')
local last = math.max(tonumber(meta[2] or '0') + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
local epoch = string.format('%.0f', last)
local stores = redis.call('HKEYS', KEYS[2])
redis.call('HSET', KEYS[1], 'epoch', epoch, 'last', epoch, 'format', ARGV[2], 'planting', ARGV[3])
for _, store in ipairs(stores) do
  redis.call('DEL', ARGV[4] .. store, ARGV[5] .. store)
end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
if redis.call('EXISTS', KEYS[5]) == 1 then
  redis.call('RENAME', KEYS[5], KEYS[4])
  redis.call('PERSIST', KEYS[4])
end
return {'planted', epoch}
