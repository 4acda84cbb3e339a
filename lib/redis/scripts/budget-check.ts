import { defineScript } from "./script.ts";

/**
 * Reads budgets beside what open holds add up to, at one moment.
 *
 * KEYS: holds, budgets. ARGV: prefix of holds, at most how many of them, then the budgets' ids. Gives
 * per budget `{start of the window, spent, held, charged for requests nobody ended, corrections,
 * sum of its holds}`, or an empty list for one that is not known; nothing at all when there are more
 * holds than that.
 */
export const inspectBudgets = defineScript(`
if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[2]) then
  return {}
end
local sums = {}
for _, rid in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local hold = redis.call('HMGET', ARGV[1] .. rid, 'e', 'b', 'k')
  if hold[3] == 'open' then
    for id in string.gmatch(hold[2], '%S+') do
      sums[id] = (sums[id] or 0) + tonumber(hold[1])
    end
  end
end
local reply = {}
for i = 2, #KEYS do
  local row = redis.call('HMGET', KEYS[i], 'w', 's', 'r', 'l', 'c')
  if row[1] then
    local sum = string.format('%.0f', sums[ARGV[i + 1]] or 0)
    reply[i - 1] = {row[1], row[2], row[3], row[4] or '0', row[5] or '0', sum}
  else
    reply[i - 1] = {}
  end
end
return reply
`);

/**
 * Takes amounts off a budget's counters, unless it was corrected or began a window since they were
 * read.
 *
 * KEYS: budget. ARGV: start of the window and corrections as they were read, off spent, off held.
 * Gives 1, or 0 when nothing was changed.
 */
export const lowerBudget = defineScript(`
local row = redis.call('HMGET', KEYS[1], 'w', 's', 'r', 'c')
if not row[1] or row[1] ~= ARGV[1] or (row[4] or '0') ~= ARGV[2] then
  return 0
end
if ARGV[3] ~= '0' then
  redis.call('HINCRBY', KEYS[1], 's', '-' .. ARGV[3])
end
if ARGV[4] ~= '0' then
  redis.call('HINCRBY', KEYS[1], 'r', '-' .. ARGV[4])
end
redis.call('HINCRBY', KEYS[1], 'c', 1)
return 1
`);
