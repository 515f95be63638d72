/** The method of a controller that answers a route, and its class. The decorators of both say what the route is. */
export interface Route {
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- Nest has no narrower type for a method
  handler: Function;
  // oxlint-disable-next-line typescript/no-unsafe-function-type
  controller: Function;
}

/** Reads a decorator's value: that of the method, else that of the class. It never changes, so it is read once. */
export function metadataOf<Value>(key: string): (route: Route) => Value | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-function-type
  const known = new Map<Function, Value | undefined>();
  return ({ handler, controller }) => {
    if (known.has(handler)) return known.get(handler);
    const own = Reflect.getMetadata(key, handler) as Value | undefined;
    const value = own === undefined ? (Reflect.getMetadata(key, controller) as Value | undefined) : own;
    known.set(handler, value);
    return value;
  };
}
