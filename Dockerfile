# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build
COPY requirements/fleet.txt /requirements.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /requirements.txt \
 && printf '#!/venv/bin/python\nfrom app.cli import main\n\nmain()\n' > /venv/bin/ledgerway \
 && chmod 755 /venv/bin/ledgerway

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 ledgerway \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/ledgerway --create-home ledgerway
COPY --from=build /venv /venv
WORKDIR /srv/ledgerway
COPY LICENSE ./
COPY app app
COPY providers providers
COPY unified_models unified_models
ENV PATH=/venv/bin:$PATH PYTHONPATH=/srv/ledgerway PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    LEDGERWAY_VAR_DIR=/var/lib/ledgerway
# A number, so that whoever runs it can see that it is not root.
USER 10001:10001
VOLUME /var/lib/ledgerway
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=3)"]
ENTRYPOINT ["ledgerway"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
