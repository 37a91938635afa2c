"""Reports in the form of both scanners, cut to a few lines; the findings are of made-up pages."""

WAPITI = {
    "vulnerabilities": {
        "CRLF Injection": [],
        "Secure Flag cookie": [
            {
                "method": "GET",
                "path": "/",
                "info": "Secure flag is not set in the cookie : catkin",
                "level": 1,
                "parameter": None,
                "module": "cookieflags",
                "http_request": "GET / HTTP/1.1\nhost: 127.0.0.1:8961",
                "curl_command": 'curl "http://127.0.0.1:8961/"',
                "wstg": ["WSTG-SESS-02"],
            }
        ],
        "Reflected Cross Site Scripting": [
            {
                "method": "GET",
                "path": "http://127.0.0.1:8961/pupils/01jcz3v6q2mk8xw4h7n5b9t0aa/move?to=1",
                "info": "Reflected Cross Site Scripting vulnerability found via injection in to",
                "level": 2,
                "parameter": "to",
                "module": "xss",
                "http_request": "GET /pupils/01jcz3v6q2mk8xw4h7n5b9t0aa/move HTTP/1.1",
                "curl_command": "curl",
                "wstg": ["WSTG-INPV-01"],
            }
        ],
    },
    "anomalies": {"Internal Server Error": []},
    "additionals": {},
    "infos": {"target": "http://127.0.0.1:8961/", "crawled_pages_nbr": 236, "version": "3.2.3"},
}

SQLMAP = """sqlmap identified the following injection point(s) with a total of 26 HTTP(s) requests:
---
Parameter: name (POST)
    Type: boolean-based blind
    Title: AND boolean-based blind - WHERE or HAVING clause
    Payload: csrf_token=abc&name=Otter Brook' AND 5865=5865 AND 'bETv'='bETv

    Type: UNION query
    Title: Generic UNION query (NULL) - 1 column
    Payload: csrf_token=abc&name=Otter Brook' UNION ALL SELECT NULL
---
back-end DBMS: SQLite
"""

SQLMAP_FOUND_NOTHING = (
    "[23:57:13] [WARNING] POST parameter 'note' does not seem to be injectable\n"
    "[23:57:13] [CRITICAL] all tested parameters do not appear to be injectable.\n"
)

SQLMAP_NEVER_BEGAN = "[CRITICAL] connection timed out to the target URL\n"
