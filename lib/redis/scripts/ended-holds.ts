import { defineScript } from "./script.ts";

/**
 * Lists open holds whose lease is over: request ids and their budgets, in turn.
 *
 * KEYS: holds. ARGV: at most how many, prefix of holds.
 */
export const listEndedHolds = defineScript(`
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local reply = {}
for _, rid in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', clock, 'LIMIT', 0, tonumber(ARGV[1]))) do
  local hold = redis.call('HMGET', ARGV[2] .. rid, 'k', 'b')
  if hold[1] == 'open' then
    reply[#reply + 1] = rid
    reply[#reply + 1] = hold[2]
  end
end
return reply
`);
