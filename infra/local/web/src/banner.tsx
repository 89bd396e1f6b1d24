/** The strip at the top: that this is a simulation, and the ways to the sides. */
import type { Side } from "./drawers";

interface BannerProps {
  isConnected: boolean;
  isSidebarOpen: boolean;
  isPanelShown: boolean;
  onAbout: () => void;
  onSide: (side: Side) => void;
}

export function Banner({ isConnected, isSidebarOpen, isPanelShown, onAbout, onSide }: BannerProps) {
  return (
    <header className="banner">
      <SideButton side="sidebar" name="Workspace" sign="☰" isOpen={isSidebarOpen} onClick={onSide} />
      <p>
        <strong>Simulation</strong>
        <span className="wide"> of Slack, with the real bot. Nothing here is on the internet.</span>{" "}
        <button type="button" className="link" onClick={onAbout}>
          What it does not model
        </button>
      </p>
      <p role="status">{!isConnected && "Reconnecting…"}</p>
      <SideButton side="panel" name="The world" sign="🌍" isOpen={isPanelShown} onClick={onSide} />
    </header>
  );
}

interface SideButtonProps {
  side: Side;
  name: string;
  sign: string;
  isOpen: boolean;
  onClick: (side: Side) => void;
}

function SideButton({ side, name, sign, isOpen, onClick }: SideButtonProps) {
  return (
    <button
      type="button"
      className={`quiet to-${side}`}
      title={name}
      aria-label={name}
      aria-expanded={isOpen}
      onClick={() => onClick(side)}
    >
      {sign}
    </button>
  );
}
