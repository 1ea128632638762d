# syntax=docker/dockerfile:1
# Built in two stages: tools and caches stay behind in the first. The result runs as a user
# without rights, writes to /data alone, and expects a PostgreSQL with pgvector by DATABASE_URL.

FROM python:3.11-slim-trixie AS build
WORKDIR /agora
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy
COPY requirements/base.txt requirements/base.txt
# uv is in the lock itself, so pip installs that one package by its hash and uv the rest.
RUN grep -A 100 '^uv==' requirements/base.txt | sed '/[^\\]$/q' > uv.txt \
    && pip install --no-cache-dir --require-hashes -r uv.txt \
    && uv venv .venv \
    && uv pip install --no-cache --require-hashes --no-deps --python .venv -r requirements/base.txt
COPY . .
RUN .venv/bin/python -m app.cli build \
    && rm -rf .web/node_modules .web/.react-router

FROM python:3.11-slim-trixie
# With it Pillow joins Arabic letters and orders right-to-left text; Debian's updates are wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home --home-dir /data agora \
    && install --directory --owner agora /data/adapters
COPY --from=build --chown=root:root /agora /agora
WORKDIR /agora
USER 10001
ENV AGORA_ENVIRONMENT=production AGORA_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["/agora/.venv/bin/python", \
    "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz')"]
ENTRYPOINT ["/agora/.venv/bin/python", "-m", "app.cli"]
CMD ["up"]
