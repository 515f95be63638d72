import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from './problem.tsx';
import { Skeleton } from './loading.tsx';

/**
 * A view that is loaded when it is first opened.
 * @param lines room that is kept until then; 0: none, because what is around it keeps some
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  lines = 8,
): ComponentType<Props> {
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
    if (View) return <View {...props} />;
    return lines > 0 ? <Skeleton lines={lines} /> : null;
  };
}
