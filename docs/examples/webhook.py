"""Receives alerts as Standard Webhooks and prints those whose signature holds; nothing but Python is needed.

    python webhook.py PORT SECRET_FILE

with, in Tessellate's configuration, tessellate.alerts.webhooks.NAME.url: http://HOST:PORT/ and secret-file: SECRET_FILE.
"""
import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRETS = [base64.b64decode(text.removeprefix("whsec_")) for text in open(sys.argv[2]).read().split()]
TOO_OLD = 300
seen = set()


def genuine(headers, body):
    """Whether one of the signatures is ours, and the attempt is of now."""
    if abs(time.time() - int(headers["webhook-timestamp"])) > TOO_OLD:
        return False
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    ours = {"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in SECRETS}
    return any(hmac.compare_digest(theirs, own) for theirs in headers["webhook-signature"].split() for own in ours)


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not genuine(self.headers, body):
            self.send_response(401)
            self.end_headers()
            return
        self.send_response(204)
        self.end_headers()
        if self.headers["webhook-id"] not in seen:  # it may come again after a restart of either side
            seen.add(self.headers["webhook-id"])
            alert = json.loads(body)["data"]
            print(alert["severity"], alert["model"], alert["kind"], alert["message"], alert["link"], flush=True)

    def log_message(self, *ignored):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Endpoint).serve_forever()
