-- Gives what is known of an API's seeds, and what is kept of its main store.
-- KEYS  1 meta, 2 stores, 3 the main store's records
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'format', 'planting')
if not meta[1] then return {'none'} end
local now = redis.call('HGET', KEYS[2], '')
return {'open', meta[1], meta[2] or '', meta[3] or '', now or '', redis.call('HGETALL', KEYS[3])}
