import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from './problem.tsx';
import { Skeleton } from './loading.tsx';

/** A view that is loaded when it is first opened. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const [View, setView] = useState(() => loaded);
    const [error, setError] = useState<unknown>(null);
    const read = () => {
      setError(null);
      load().then((view) => setView(() => (loaded = view)), setError);
    };
    useEffect(() => void (loaded ?? read()), []);
    if (error !== null) return <Problem error={error} again={read} />;
    return View ? <View {...props} /> : <Skeleton lines={8} />;
  };
}
