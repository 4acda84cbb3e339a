import { defineScript } from "./script.ts";

/**
 * Takes tokens and slots in all scopes of a request, or in none. The minute comes from the caller's
 * clock and never goes back; leases end by the server's own clock, so that a replica whose clock is
 * wrong can neither keep nor steal a slot.
 *
 * KEYS: per scope its tokens hash and its leases set.
 * ARGV: request id, now (ms), tokens, lease (ms), then per scope its tpm and its slots (-1: none).
 * Gives `{1, minute, used tokens per scope…}`, or `{0, scope, "tpm", used, current, previous,
 * ms into the minute}`, or `{0, scope, "parallel", ms until the first lease ends}`.
 */
export const takeOccupancy = defineScript(`
local rid, now, cost, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local minute, progress = math.floor(now / 60000), (now % 60000) / 60000
local rows, cells, reply = {}, {}, {1}

for scope = 1, #KEYS / 2 do
  if tonumber(ARGV[3 + scope * 2]) >= 0 then
    local row = redis.call('HMGET', KEYS[scope * 2 - 1], 'i', 'c', 'p')
    rows[scope] = {tonumber(row[1] or 0), tonumber(row[2] or 0), tonumber(row[3] or 0)}
    if rows[scope][1] > minute then
      minute, progress = rows[scope][1], 0
    end
  end
end

for scope = 1, #KEYS / 2 do
  local leases = KEYS[scope * 2]
  local tpm, slots = tonumber(ARGV[3 + scope * 2]), tonumber(ARGV[4 + scope * 2])
  local used = -1
  if tpm >= 0 then
    local i, c, p = rows[scope][1], rows[scope][2], rows[scope][3]
    if i == minute - 1 then
      p, c = c, 0
    elseif i < minute then
      p, c = 0, 0
    end
    used = math.floor(p * (1 - progress)) + c
    if used + cost > tpm then
      return {0, scope, 'tpm', used, c, p, math.floor(progress * 60000)}
    end
    cells[scope] = {c + cost, p}
    used = used + cost
  end
  if slots >= 0 then
    redis.call('ZREMRANGEBYSCORE', leases, '-inf', clock)
    if redis.call('ZCARD', leases) >= slots then
      local first = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
      return {0, scope, 'parallel', (first[2] or clock) - clock}
    end
  end
  reply[scope + 2] = used
end

for scope = 1, #KEYS / 2 do
  local tokens, leases = KEYS[scope * 2 - 1], KEYS[scope * 2]
  if cells[scope] then
    redis.call('HSET', tokens, 'i', minute, 'c', cells[scope][1], 'p', cells[scope][2])
    redis.call('PEXPIRE', tokens, 121000)
  end
  if tonumber(ARGV[4 + scope * 2]) >= 0 then
    redis.call('ZADD', leases, clock + lease, rid)
    if redis.call('PTTL', leases) < lease then
      redis.call('PEXPIRE', leases, lease + 1000)
    end
  end
end
reply[2] = minute
return reply
`);

/**
 * Gives slots back and corrects the tokens of the minute they were taken in.
 *
 * KEYS as above. ARGV: request id, minute, tokens to add (may be negative), then per scope 1 when
 * its tokens were counted and 0 otherwise.
 */
export const leaveOccupancy = defineScript(`
local rid, minute, change = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
for scope = 1, #KEYS / 2 do
  local tokens, leases = KEYS[scope * 2 - 1], KEYS[scope * 2]
  redis.call('ZREM', leases, rid)
  if ARGV[3 + scope] == '1' and change ~= 0 then
    local row = redis.call('HMGET', tokens, 'i', 'c', 'p')
    local i = tonumber(row[1] or -9)
    if i == minute then
      redis.call('HSET', tokens, 'c', math.max(0, tonumber(row[2]) + change))
    elseif i == minute + 1 then
      redis.call('HSET', tokens, 'p', math.max(0, tonumber(row[3]) + change))
    end
  end
end
return 1
`);
