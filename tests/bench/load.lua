-- load.lua - what wrk sends: MODE=get (a fixed path) or create (a new ticket and key each);
-- PAUSE_MS= between an answer and the next.
local mode = os.getenv("MODE") or "get"
local headers = {}
if os.getenv("COOKIE") then headers["Cookie"] = os.getenv("COOKIE") end
if mode == "create" then
  headers["X-CSRF-Token"] = os.getenv("CSRF")
  headers["Content-Type"] = "application/json"
end

local thread_count = 0
function setup(thread)
  thread_count = thread_count + 1
  thread:set("number", thread_count)
end

local body = '{"channel":"phone","title":"路灯不亮","content":"东街路灯已有一周不亮，老人孩子晚上出行很不方便，请尽快派人查看。","petitioner":{"name":"测试","phone":"139%08d"}}'
local sent = 0
local run = os.getenv("RUN") or "0"
-- Another caller each time: who comes for the third time is a row more, which the direct loop has not.
local first = 0
for i = 1, #run do first = (first * 31 + run:byte(i)) % 100000000 end

function request()
  if mode ~= "create" then return wrk.format("GET", nil, headers) end
  sent = sent + 1
  headers["Idempotency-Key"] = run .. "-" .. number .. "-" .. sent
  return wrk.format("POST", nil, headers, body:format((first + number * 20000000 + sent) % 100000000))
end

-- Milliseconds between an answer and the next question, as of people; none: as fast as it goes.
if os.getenv("PAUSE_MS") then
  local pause = tonumber(os.getenv("PAUSE_MS"))
  function delay() return pause end
end

local wrong = 0
function response(status)
  if status ~= 200 and status ~= 201 then wrong = wrong + 1 end
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("\nRESULT %d %.6f %d %d %d\n", summary.requests, summary.duration / 1e6,
    failed, latency:percentile(50), latency:percentile(99)))
end
