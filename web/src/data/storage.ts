const PREFIX = 'moviemind.';

/** A storage of the browser, or none where it is switched off. */
class Store {
  constructor(private readonly storage: () => Storage) {}

  read(name: string): string | null {
    try {
      return this.storage().getItem(PREFIX + name);
    } catch {
      return null;
    }
  }

  /** `null` removes it. */
  write(name: string, value: string | null): void {
    try {
      if (value === null) this.storage().removeItem(PREFIX + name);
      else this.storage().setItem(PREFIX + name, value);
    } catch {
      // the page works without
    }
  }
}

/** Ends with the tab. */
export const tab = new Store(() => sessionStorage);
/** Stays on this machine. */
export const kept = new Store(() => localStorage);
