import { Receiver } from '../client/receiver.js';
import { StubModel } from '../model/stub-model.js';
import { type Settings, TestServer } from './server.js';

/** What a group of tests has of its own, from its first test to its last. */
interface Started {
  model: StubModel;
  receiver: Receiver;
  server: TestServer;
}

/** Stands for the address of the model until it has one. */
const ITS_URL = 'http://model.invalid';
/** Settings of a server that asks the group's model; else texts come from the built-in mock. */
export const WITH_MODEL = { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: ITS_URL };

/**
 * A group of tests with a server of its own, and beside it a model and a receiver of webhooks that it may use.
 * What the tests start themselves, in a beforeAll() of their own, starts after it and is stopped before it.
 */
export function describeServer(title: string, settings: Settings, tests: (started: Started) => void): void {
  describe(title, () => {
    const started: Partial<Started> = {};
    beforeAll(async () => {
      const model = (started.model = await StubModel.start());
      started.receiver = await Receiver.start();
      const asks = settings.OPENAI_BASE_URL === ITS_URL;
      started.server = await TestServer.start({ ...settings, ...(asks && { OPENAI_BASE_URL: model.url }) });
    });
    tests({
      model: standIn(() => started.model),
      receiver: standIn(() => started.receiver),
      server: standIn(() => started.server),
    });
    // The server first, which calls the others; and whatever was started, where a start or a stop has failed.
    afterAll(async () => {
      const stops = [started.server, started.receiver, started.model].map((one) => () => one?.stop());
      const failures: unknown[] = [];
      for (const stop of stops) await stop()?.catch((failure: unknown) => failures.push(failure));
      if (failures.length > 0) throw failures[0];
    });
  });
}

/** Stands for what is there only once the tests run, so that they name it without a variable of their own. */
function standIn<T extends object>(find: () => T | undefined): T {
  const found = () => {
    const one = find();
    if (!one) throw new Error('it is started before the first test, and not before');
    return one;
  };
  return new Proxy({} as T, {
    get: (_, name) => {
      const one = found();
      const value: unknown = Reflect.get(one, name, one);
      return typeof value === 'function' ? (value.bind(one) as unknown) : value;
    },
    set: (_, name, value) => Reflect.set(found(), name, value),
  });
}
