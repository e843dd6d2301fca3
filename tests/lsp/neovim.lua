-- What a Neovim user does: open the file, let the server attach, measure by code action, read.
-- Arguments come as JSON in LEAKLINE_TEST; what was seen goes as JSON into its `seen` file.
local given = vim.fn.json_decode(os.getenv("LEAKLINE_TEST"))
local seen = { progress = {}, messages = {} }

local function finish(failure)
  seen.failure = failure
  local file = assert(io.open(given.seen, "w"))
  file:write(vim.fn.json_encode(seen))
  file:close()
  for _, client in pairs(vim.lsp.get_active_clients()) do
    client.stop()
  end
  vim.wait(5000, function()
    return next(vim.lsp.get_active_clients()) == nil
  end)
  vim.cmd("qall!")
end

local function await(what, seconds, holds)
  if not vim.wait(seconds * 1000, holds, 50) then
    error("waited in vain for " .. what)
  end
end

local function choose_action(title)
  vim.ui.select = function(items, _, choose)
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      if action.title == title then
        return choose(item)
      end
    end
    error(title .. " is not offered")
  end
  vim.lsp.buf.code_action()
end

local function run()
  local config = {
    name = "leakline",
    cmd = given.server,
    root_dir = given.workspace,
    -- `settings` would need Neovim 0.8, or a notification of one's own.
    init_options = given.settings,
    handlers = {
      ["$/progress"] = function(_, result)
        table.insert(seen.progress, result.value)
      end,
      ["window/showMessage"] = function(_, result)
        table.insert(seen.messages, result.message)
      end,
    },
  }
  local id = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(0, id)
  await("the server", 60, function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end)

  choose_action("Leakline: Measure growth")

  await("diagnostics", 120, function()
    return #vim.diagnostic.get(0) > 0
  end)
  seen.diagnostics = vim.diagnostic.get(0)
  await("the progress's end", 60, function()
    return seen.progress[#seen.progress].kind == "end"
  end)

  local first = seen.diagnostics[1]
  seen.page = vim.uri_to_fname(first.user_data.lsp.codeDescription.href)
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
  local params = vim.lsp.util.make_position_params(0, "utf-16")
  local answers = vim.lsp.buf_request_sync(0, "textDocument/hover", params, 5000)
  seen.hover = answers[id].result.contents.value
  seen.lenses = vim.lsp.buf_request_sync(0, "textDocument/codeLens", {
    textDocument = vim.lsp.util.make_text_document_params(),
  }, 5000)[id].result

  -- Ignore it, and see it again.
  local row = vim.api.nvim_win_get_cursor(0)[1]
  choose_action("Leakline: Ignore `auditLog` here")
  await("the warning to go", 60, function()
    return #vim.diagnostic.get(0) == 0
  end)
  seen.ignored = vim.api.nvim_buf_get_lines(0, row - 1, row + 1, false)
  vim.api.nvim_buf_set_lines(0, row - 1, row, false, {})
  await("the warning to come back", 60, function()
    return #vim.diagnostic.get(0) > 0
  end)

  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "// a line above", "// and one more" })
  await("the diagnostic to move", 60, function()
    local now = vim.diagnostic.get(0)[1]
    return now and now.lnum == first.lnum + 2
  end)
  seen.moved = vim.diagnostic.get(0)[1]
  vim.api.nvim_buf_set_lines(0, first.lnum + 2, first.lnum + 3, false, { "// mended" })
  await("the hint", 60, function()
    return vim.diagnostic.get(0)[1].severity == vim.diagnostic.severity.HINT
  end)
  seen.edited = vim.diagnostic.get(0)[1]
end

local ok, failure = pcall(run)
finish(not ok and tostring(failure) or nil)
