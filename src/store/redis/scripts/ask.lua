-- Tells whether a store is still of a version, and notes that it is used.
-- KEYS  1 meta, 2 stores, 3 used
-- ARGV  1 store, 2 epoch, 3 version, 4 '1' where it is used, 5 how many sandboxes there may be
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch ~= ARGV[2] then return {'begun'} end
if ARGV[4] == '1' and ARGV[1] ~= '' then
  local count = redis.call('HLEN', KEYS[3])
  if count >= tonumber(ARGV[5]) and redis.call('HEXISTS', KEYS[3], ARGV[1]) == 0 then
    return {'full', tostring(count)}
  end
  local time = redis.call('TIME')
  -- A server that takes no writes still answers questions.
  redis.pcall('HSET', KEYS[3], ARGV[1], string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)))
end
local now = redis.call('HGET', KEYS[2], ARGV[1]) or epoch
if now == ARGV[3] then return {'same'} end
return {'moved', now}
