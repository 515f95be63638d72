# One image for every role: ROLE=api answers HTTP, ROLE=worker runs jobs, `node dist/src/migrate.js` migrates.
# It carries no PostgreSQL of its own, so DATABASE_URL has to be set.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY bin bin
# Nothing that is needed to compile has an install script, so none gets to run.
RUN npm ci --ignore-scripts
COPY .swcrc ./
COPY migrations migrations
COPY src src
COPY clients/typescript/tsconfig.json clients/typescript/tsconfig.json
COPY clients/typescript/src clients/typescript/src
COPY web web
RUN npm run build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY bin bin
# The optional packages are the embedded PostgreSQL (60 MB) and a native msgpack that has a JavaScript fallback.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
# npx asks what npm is newest, shows it each time where it may write no file, and without a way out waits for it: 10 s.
ENV NODE_ENV=production NPM_CONFIG_UPDATE_NOTIFIER=false
WORKDIR /app
# The files stay root's: the program writes nowhere below /app, and a hole in it cannot change its code.
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
# What node_modules links to: the check of Node's version, and `npx moviemind`.
COPY bin bin
COPY --from=build /app/dist dist
# Under a umask of 027 or 077 git makes files that no other user may read.
RUN chmod -R a+rX bin LICENSE package.json
USER node
EXPOSE 3000
# Asks whether the process answers, not whether PostgreSQL does: an outage of the database is no reason to end what waits
# for it. A worker is asked at WORKER_PORT, on the loopback of its container; without one it counts as well while it runs.
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s --retries=3 \
  CMD ["node", "bin/alive.js"]
# Without a shell or npm in between: SIGTERM has to reach the program, which then drains.
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
