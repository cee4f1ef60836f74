-- Gives the sandboxes of an API: when each was used, and its version.
-- KEYS  1 meta, 2 stores, 3 used
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return {'0', {}, {}} end
return {epoch, redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
