# One image for every role: ROLE=api answers HTTP, ROLE=worker runs jobs, `node dist/src/migrate.js` migrates.
# It carries no PostgreSQL of its own, so DATABASE_URL has to be set.
# `--target backup` is the same with the programs of PostgreSQL, for `moviemind backup`.

# The image of the server: its pg_dump is of the server's version.
ARG POSTGRES_IMAGE=postgres:18-bookworm

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY bin bin
# Nothing that is needed to compile has an install script, so none gets to run.
RUN npm ci --ignore-scripts
COPY .swcrc LICENSE ./
COPY migrations migrations
COPY src src
COPY clients/typescript/tsconfig.json clients/typescript/tsconfig.json
COPY clients/typescript/src clients/typescript/src
COPY web web
RUN npm run build

# What runs, without what builds: no npm, no compiler, no package that is a part of what is built already.
RUN node bin/ship.js /ship && npm sbom --package-lock-only --omit=dev --sbom-format=cyclonedx > /ship/sbom.cdx.json
# Under a umask of 027 or 077 git makes files that no other user may read.
RUN chmod -R a+rX /ship

FROM debian:bookworm-slim AS app
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# The files stay root's: the program writes nowhere below /app, and a hole in it cannot change its code.
COPY --from=build /ship .
RUN useradd --uid 1000 --user-group --no-create-home moviemind && ln -s /app/bin/moviemind.js /usr/local/bin/moviemind
# By number: Kubernetes cannot tell of a name that it is not root.
USER 1000:1000
EXPOSE 3000
# Asks whether the process answers, not whether PostgreSQL does: an outage of the database is no reason to end what waits
# for it. A worker is asked at WORKER_PORT, on the loopback of its container; without one it counts as well while it runs.
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s --retries=3 \
  CMD ["node", "bin/alive.js"]
# Without a shell or npm in between: SIGTERM has to reach the program, which then drains.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=8", "dist/src/main.js"]

FROM ${POSTGRES_IMAGE} AS backup
# The image of the server has no authorities: pg_dump with sslmode=verify-full and PGSSLROOTCERT=system would know none.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=app /usr/local/bin/node /usr/local/bin/node
COPY --from=app /app .
RUN ln -s /app/bin/moviemind.js /usr/local/bin/moviemind
# A new volume that is mounted there is given to this user.
RUN install --directory --owner=postgres --group=postgres --mode=700 /backups
USER postgres
ENTRYPOINT []
CMD ["moviemind", "backup", "--out", "/backups", "--keep", "14"]

# What is built where no target is named.
FROM app
