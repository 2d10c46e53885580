"""Lists the objects of the bucket S3_BUCKET. Address and keys of the S3 service come from the environment, as AWS_*."""

import os

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from flask import Flask, jsonify, render_template_string

app = Flask(__name__)

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ bucket }}</title></head>
<body>
<h1>{{ bucket }}</h1>
<table>
<tr><th>object</th><th>bytes</th></tr>
{% for item in objects %}<tr><td>{{ item.key }}</td><td>{{ item.bytes }}</td></tr>
{% else %}<tr><td colspan="2">no objects</td></tr>
{% endfor %}</table>
</body>
</html>
"""

# A page is not worth waiting minutes for.
S3_CONFIG = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})


def bucket_name():
    return os.environ.get("S3_BUCKET", "")


def list_objects(bucket):
    """The first 1000 objects of the bucket."""
    answer = boto3.client("s3", config=S3_CONFIG).list_objects_v2(Bucket=bucket)
    return [{"key": item["Key"], "bytes": item["Size"]} for item in answer.get("Contents", [])]


@app.get("/healthz")
def healthz():
    """Says that this process answers; whether S3 does is another question, and no reason for a restart."""
    return jsonify(status="ok")


@app.get("/objects")
def objects():
    return jsonify(bucket=bucket_name(), objects=list_objects(bucket_name()))


@app.get("/")
def index():
    return render_template_string(PAGE, bucket=bucket_name(), objects=list_objects(bucket_name()))


@app.errorhandler(BotoCoreError)
@app.errorhandler(ClientError)
def s3_failed(error):
    app.logger.warning("S3: %s", error)
    return jsonify(error=f"S3 does not answer as expected: {type(error).__name__}", bucket=bucket_name()), 502
