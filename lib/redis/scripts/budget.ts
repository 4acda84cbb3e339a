import { GENERATION } from "./budget-restore.ts";
import { defineScript } from "./script.ts";

/**
 * Money in Redis. Amounts travel as decimal strings and are added by `HINCRBY`, which counts in 64
 * bits; Lua compares them as doubles, which is exact below 2^53 nano-dollars ($9.0 million) and
 * within a millionth of a dollar up to the largest counter.
 */

/** `HINCRBY` does not take "-0". */
const MINUS = `
local function minus(amount)
  return amount == '0' and '0' or '-' .. amount
end
`;

/**
 * Holds an amount in all budgets, or in none; a window that has ended is rolled first.
 *
 * KEYS: hold, holds, generation, budgets. ARGV: request id, amount, lease (ms), budget ids (spaces
 * between), now (ms), the generation that the caller knows, then per budget its limit and the start
 * of its present window. Gives `{"ok", spent…}`, `{"lost", generation}` when it is another one,
 * `{"missing", positions…}` of budgets that have to be seeded, `{"denied",
 * position, spent, held here, held in Postgres}`, or `{"taken", state}` when this request was here before.
 */
export const reserveBudgets = defineScript(`${GENERATION}
local amount, now = ARGV[2], ARGV[5]
local before = redis.call('HGET', KEYS[1], 'k')
if before then
  return {'taken', before}
end
local name = generation(KEYS[3])
if name ~= ARGV[6] then
  return {'lost', name}
end
local rows, missing = {}, {}
for i = 1, #KEYS - 3 do
  rows[i] = redis.call('HMGET', KEYS[i + 3], 'w', 's', 'r', 'x')
  if not rows[i][1] then
    missing[#missing + 1] = i
  end
end
if #missing > 0 then
  return {'missing', unpack(missing)}
end
for i, row in ipairs(rows) do
  local limit, start = ARGV[5 + i * 2], ARGV[6 + i * 2]
  if tonumber(row[1]) < tonumber(start) then
    row[1], row[2] = start, '0'
    row.rolled = true
  end
  local sum = tonumber(row[2]) + tonumber(row[3]) + tonumber(row[4]) + tonumber(amount)
  if amount ~= '0' and sum > tonumber(limit) then
    return {'denied', i, row[2], row[3], row[4]}
  end
end
local reply = {'ok'}
for i, row in ipairs(rows) do
  if row.rolled then
    redis.call('HSET', KEYS[i + 3], 'w', row[1], 's', '0', 'l', '0')
  end
  redis.call('HINCRBY', KEYS[i + 3], 'r', amount)
  redis.call('HSET', KEYS[i + 3], 't', now)
  reply[i + 1] = row[2]
end
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'e', amount, 'b', ARGV[4], 'k', 'open')
redis.call('ZADD', KEYS[2], clock + ARGV[3], ARGV[1])
return reply
`);

/**
 * Raises what a request holds to a new total, in all budgets or in none.
 *
 * KEYS: hold, budgets. ARGV: total, then per budget its limit and the start of its window.
 * Gives 1, 0 when a budget has no room or the hold is no longer open, or -1 when it was lost.
 */
export const topUpHold = defineScript(`${MINUS}
local total = ARGV[1]
local hold = redis.call('HMGET', KEYS[1], 'e', 'k')
if not hold[2] then
  return -1
end
if hold[2] ~= 'open' then
  return 0
end
local more = tonumber(total) - tonumber(hold[1])
if more <= 0 then
  return 1
end
for i = 1, #KEYS - 1 do
  local row = redis.call('HMGET', KEYS[i + 1], 'w', 's', 'r', 'x')
  if not row[1] then
    return -1
  end
  local spent = tonumber(row[2])
  if tonumber(row[1]) < tonumber(ARGV[1 + i * 2]) then
    spent = 0
  end
  if spent + tonumber(row[3]) + tonumber(row[4]) + more > tonumber(ARGV[i * 2]) then
    return 0
  end
end
for i = 1, #KEYS - 1 do
  redis.call('HINCRBY', KEYS[i + 1], 'r', total)
  redis.call('HINCRBY', KEYS[i + 1], 'r', minus(hold[1]))
end
redis.call('HSET', KEYS[1], 'e', total)
return 1
`);

/**
 * Ends a hold once: what was held is let go, what it cost is spent. A hold that the reaper has
 * charged at its estimate is corrected. With `void` the hold leaves a mark for ten minutes, so
 * that a reserve still on its way from a connection that timed out finds it and does nothing.
 *
 * KEYS: hold, holds, budgets. ARGV: request id, cost, now (ms), "void" or "", then per budget the
 * start of its present window. Gives the spent amounts of the budgets, or an empty list.
 */
export const settleHold = defineScript(`${MINUS}
local cost = ARGV[2]
local hold = redis.call('HMGET', KEYS[1], 'e', 'k', 'd')
local reply = {}
if hold[2] == 'open' or hold[2] == 'reaped' then
  for i = 1, #KEYS - 2 do
    local key, start = KEYS[i + 2], ARGV[4 + i]
    local window = redis.call('HGET', key, 'w')
    if window then
      if tonumber(window) < tonumber(start) then
        redis.call('HSET', key, 'w', start, 's', '0', 'l', '0')
      end
      local field = hold[2] == 'open' and 'r' or 's'
      -- What was charged in a window that has ended cannot be corrected in this one.
      if hold[2] == 'open' or tonumber(hold[3]) >= tonumber(start) then
        redis.call('HINCRBY', key, 's', cost)
        if tonumber(redis.call('HINCRBY', key, field, minus(hold[1]))) < 0 then
          redis.call('HSET', key, field, '0')
        end
        if hold[2] == 'reaped' and tonumber(redis.call('HINCRBY', key, 'l', minus(hold[1]))) < 0 then
          redis.call('HSET', key, 'l', '0')
        end
      end
      redis.call('HSET', key, 't', ARGV[3])
      reply[#reply + 1] = redis.call('HGET', key, 's')
    end
  end
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
if ARGV[4] == 'void' then
  redis.call('HSET', KEYS[1], 'k', 'void')
  redis.call('PEXPIRE', KEYS[1], 600000)
end
return reply
`);

/**
 * Takes over what Postgres knows of a budget. Redis may be ahead of it (rows are written in
 * batches) or behind (a flush, an outage), so the greater amount holds; a budget at rest takes
 * Postgres's amount as it is, and what was charged for requests of which no row has come.
 *
 * KEYS: budget. ARGV: start of the window, spent, held in Postgres, now (ms), rest (ms), and the
 * first two again for a budget that is not there: all that is known of it may be more than the rows.
 */
export const mergeBudget = defineScript(`
local row = redis.call('HMGET', KEYS[1], 'w', 's', 'r', 't', 'l')
if not row[1] then
  redis.call('HSET', KEYS[1], 'w', ARGV[6], 's', ARGV[7], 'r', '0', 'x', ARGV[3], 't', ARGV[4])
  return 1
end
redis.call('HSET', KEYS[1], 'x', ARGV[3])
local window, start = tonumber(row[1]), tonumber(ARGV[1])
local atRest = row[3] == '0' and tonumber(ARGV[4]) - tonumber(row[4]) > tonumber(ARGV[5])
if window < start then
  redis.call('HSET', KEYS[1], 'w', ARGV[1], 's', ARGV[2], 'l', '0')
elseif window == start and (atRest or tonumber(ARGV[2]) > tonumber(row[2])) then
  redis.call('HSET', KEYS[1], 's', ARGV[2])
  if atRest and row[5] then
    redis.call('HINCRBY', KEYS[1], 's', row[5])
  end
end
return 1
`);

/**
 * Charges holds whose lease has ended at their estimate: the replica that made them is gone, and
 * the upstream may have billed. The mark stays a day for a settlement that comes late.
 *
 * KEYS: holds. ARGV: at most how many, prefix of holds, prefix of budgets. Gives how many.
 */
export const reapHolds = defineScript(`${MINUS}
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local ended = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', clock, 'LIMIT', 0, tonumber(ARGV[1]))
for _, rid in ipairs(ended) do
  local hold = redis.call('HMGET', ARGV[2] .. rid, 'e', 'b', 'k')
  if hold[3] == 'open' then
    for id in string.gmatch(hold[2], '%S+') do
      local key = ARGV[3] .. id
      if redis.call('EXISTS', key) == 1 then
        redis.call('HINCRBY', key, 's', hold[1])
        redis.call('HINCRBY', key, 'l', hold[1])
        if tonumber(redis.call('HINCRBY', key, 'r', minus(hold[1]))) < 0 then
          redis.call('HSET', key, 'r', '0')
        end
      end
    end
    redis.call('HSET', ARGV[2] .. rid, 'k', 'reaped', 'd', clock)
    redis.call('PEXPIRE', ARGV[2] .. rid, 86400000)
  end
  redis.call('ZREM', KEYS[1], rid)
end
return #ended
`);

/**
 * Reads budgets. KEYS: budgets. Gives per budget `{start of the window, spent, held here}`, or an
 * empty list for one that is not known.
 */
export const readBudgets = defineScript(`
local reply = {}
for i, key in ipairs(KEYS) do
  local row = redis.call('HMGET', key, 'w', 's', 'r')
  reply[i] = row[1] and row or {}
end
return reply
`);
