-- Gives the pages of a store since a version, the latest first; or all that is kept of it, where
-- the log doesn't go back so far.
-- KEYS  1 meta, 2 stores, 3 the store's records, 4 its log
-- ARGV  1 store, 2 epoch, 3 version
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch ~= ARGV[2] then return {'begun'} end
local now = redis.call('HGET', KEYS[2], ARGV[1]) or epoch
if now == ARGV[3] then return {'pages', {}} end
local since = tonumber(ARGV[3])
local function base(entry) return string.match(entry, '^%d+ (%d+) ') end
local first = redis.call('LINDEX', KEYS[4], 0)
if first and tonumber(base(first)) <= since and since < tonumber(now) then
  local pages = {}
  for at = 1, redis.call('LLEN', KEYS[4]) do
    local entry = redis.call('LINDEX', KEYS[4], -at)
    pages[at] = entry
    local from = base(entry)
    if from == ARGV[3] then return {'pages', pages} end
    if tonumber(from) < since then break end
  end
end
return {'whole', now, redis.call('HGETALL', KEYS[3])}
