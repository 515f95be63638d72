import './tabs.css';

interface TabsProps {
  label: string;
  tabs: readonly { href: string; label: string; current: boolean }[];
}

/** Parts of a view, each with an address of its own: links, so that they open in other tabs of the browser too. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, label, current }) => (
        <a key={href} href={href} aria-current={current ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
