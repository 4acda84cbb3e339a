import { defineScript } from "./script.ts";

/**
 * The name of what Redis holds, made by whoever asks first after everything was lost. `generation`
 * gives it in a script whose argument names the key.
 */
export const GENERATION = `
local function generation(key)
  local name = redis.call('GET', key)
  if not name then
    local time = redis.call('TIME')
    name = time[1] .. '.' .. time[2]
    redis.call('SET', key, name)
  end
  return name
end
`;

/** KEYS: generation. Gives its name. */
export const readGeneration = defineScript(`${GENERATION}
return generation(KEYS[1])
`);

/**
 * Writes a hold that was lost, in all of its budgets or in none; one that is there, in whatever
 * state, is left alone.
 *
 * KEYS: hold, holds, budgets. ARGV: request id, amount, what is left of its lease (ms), budget ids
 * (spaces between). Gives 1, or 0 when nothing was written.
 */
export const restoreHold = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
for i = 3, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then
    return 0
  end
end
for i = 3, #KEYS do
  redis.call('HINCRBY', KEYS[i], 'r', ARGV[2])
end
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'e', ARGV[2], 'b', ARGV[4], 'k', 'open')
redis.call('ZADD', KEYS[2], clock + ARGV[3], ARGV[1])
return 1
`);
