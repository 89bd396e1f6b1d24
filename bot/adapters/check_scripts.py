"""What is run on an instance to see whether a port or an address of its own answers.

The scripts need bash, and curl for an address; on Windows PowerShell, and the curl.exe that comes with it since Windows
Server 2019. An address is asked of the instance itself, whatever DNS says of its name: in a drill that still points at
production. curl verifies certificates by that name.
"""

from __future__ import annotations

import shlex

from bot.domain.plan_checks import HttpCheck, PlanCheck

SECONDS = 10
"""How long one attempt to connect, or one request, may take."""
MOST_BODY = 1_048_576
"""Bytes of a body that are read for its text."""

_TCP = """\
for address in 127.0.0.1 $(hostname -I 2>/dev/null); do
  case "$address" in *:*) continue ;; esac
  if timeout {seconds} bash -c "exec 3<>/dev/tcp/$address/{port}" 2>/dev/null; then
    echo "Port {port} answers at $address."
    exit 0
  fi
done
echo "Port {port} does not answer at any of the instance's addresses."
exit 1
"""
_HTTP = """\
body=$(mktemp) || exit 1
trap 'rm -f "$body" "$body.err"' EXIT
said=""
for address in 127.0.0.1 $(hostname -I 2>/dev/null); do
  case "$address" in *:*) continue ;; esac
  status=$(curl --silent --show-error --noproxy '*' --proto '=http,https' --max-time {seconds} \\
      --max-filesize {most} --output "$body" --write-out '%{{http_code}}' --connect-to "::$address:" \\
      -- {url} 2>"$body.err")
  code=$?
  if [ "$code" = 0 ]; then
    if [ "$status" != {status} ]; then
      said="It answered $status instead of {status}."
    elif ! {has_text}; then
      said="It answered {status}, but not with the text that is wanted."
    else
      echo "It answered {status}."
      exit 0
    fi
    head -c 500 "$body"
    echo
    break
  fi
  # That nothing listens at one address (7) tells less than what went wrong at another.
  if [ "$code" != 7 ] || [ -z "$said" ]; then said=$(cat "$body.err"); fi
done
echo "${{said:-It has no address.}}"
exit 1
"""
_TCP_WINDOWS = """\
$addresses = @('127.0.0.1') + @(Get-NetIPAddress -AddressFamily IPv4 | Select-Object -ExpandProperty IPAddress)
foreach ($address in $addresses) {{
  $client = New-Object System.Net.Sockets.TcpClient
  try {{
    if ($client.ConnectAsync($address, {port}).Wait({seconds}000) -and $client.Connected) {{
      Write-Output "Port {port} answers at $address."
      exit 0
    }}
  }} catch {{ }} finally {{ $client.Close() }}
}}
Write-Output "Port {port} does not answer at any of the instance's addresses."
exit 1
"""
_HTTP_WINDOWS = """\
$body = [System.IO.Path]::GetTempFileName()
$said = ''
$addresses = @('127.0.0.1') + @(Get-NetIPAddress -AddressFamily IPv4 | Select-Object -ExpandProperty IPAddress)
try {{
  foreach ($address in $addresses) {{
    $told = & curl.exe --silent --show-error --noproxy '*' --proto '=http,https' --max-time {seconds} `
      --max-filesize {most} --output $body --write-out '%{{http_code}}' --connect-to "::${{address}}:" -- {url} 2>&1
    if ($LASTEXITCODE -ne 0) {{
      # That nothing listens at one address (7) tells less than what went wrong at another.
      if ($LASTEXITCODE -ne 7 -or $said -eq '') {{ $said = "$told" }}
      continue
    }}
    $status = "$told"
    if ($status -ne '{status}') {{ $said = "It answered $status instead of {status}." }}
    elseif (-not ({has_text})) {{ $said = 'It answered {status}, but not with the text that is wanted.' }}
    else {{ Write-Output 'It answered {status}.'; exit 0 }}
    break
  }}
}} finally {{ Remove-Item -Force -ErrorAction SilentlyContinue $body }}
if ($said -eq '') {{ $said = 'It has no address.' }}
Write-Output $said
exit 1
"""


def script_of(check: PlanCheck, platform: str, seconds: int = SECONDS) -> str:
    """The script for a check of a port or an address.

    Args:
        check: of a port or an address.
        platform: as SSM calls it (botocore `PlatformType`).
        seconds: how long one attempt may take.
    """
    is_windows = platform == "Windows"
    if check.http:
        return (_http_windows if is_windows else _http)(check.http, seconds)
    return (_TCP_WINDOWS if is_windows else _TCP).format(port=check.tcp, seconds=seconds)


def _http(http: HttpCheck, seconds: int) -> str:
    has_text = f'grep --quiet --fixed-strings -- {shlex.quote(http.text)} "$body"' if http.text else "true"
    return _HTTP.format(
        url=shlex.quote(http.url), status=http.status, has_text=has_text, seconds=seconds, most=MOST_BODY
    )


def _http_windows(http: HttpCheck, seconds: int) -> str:
    text = f"(Get-Content -Raw $body).Contains({_quoted(http.text)})" if http.text else "$true"
    return _HTTP_WINDOWS.format(
        url=_quoted(http.url), status=http.status, has_text=text, seconds=seconds, most=MOST_BODY
    )


def _quoted(text: str) -> str:
    """A text as PowerShell takes it: between single quotes nothing has a meaning but a single quote, which is doubled.

    PowerShell takes four other characters for single quotes too (U+2018 to U+201B).
    """
    return "'" + "".join(char * 2 if char in "'\u2018\u2019\u201a\u201b" else char for char in text) + "'"
