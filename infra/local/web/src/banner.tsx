/** The strip at the top: that this is a simulation, and in narrow windows the ways to the sides. */

export type Drawer = "sidebar" | "panel" | null;

interface BannerProps {
  isConnected: boolean;
  onAbout: () => void;
  onDrawer: (drawer: Drawer) => void;
}

export function Banner({ isConnected, onAbout, onDrawer }: BannerProps) {
  return (
    <header className="banner">
      <DrawerButton name="Workspace" sign="☰" onClick={() => onDrawer("sidebar")} />
      <p>
        <strong>Simulation</strong>
        <span className="wide"> of Slack, with the real bot. Nothing here is on the internet.</span>{" "}
        <button type="button" className="link" onClick={onAbout}>
          What it does not model
        </button>
      </p>
      <p role="status">{!isConnected && "Reconnecting…"}</p>
      <DrawerButton name="The world" sign="🌍" onClick={() => onDrawer("panel")} />
    </header>
  );
}

function DrawerButton({ name, sign, onClick }: { name: string; sign: string; onClick: () => void }) {
  return (
    <button type="button" className="quiet drawer-button" aria-label={name} onClick={onClick}>
      {sign}
    </button>
  );
}
