/** A button or menu in a message or view. It stays usable while its last use is under way, as in Slack. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { ActValue } from "../protocol";
import { type Element, initialValue, type Option } from "../values";
import { useHere } from "../workspace";
import { Chooser } from "./chooser";
import { useUse } from "./use";

export function Usable({ element }: { element: Element }) {
  const { confirmed } = useHere();
  const { onUse } = useUse();
  const [underWay, setUnderWay] = useState(0);
  const use = (value: ActValue): void =>
    confirmed(element.confirm, () => {
      setUnderWay((number) => number + 1);
      void onUse(element, value).finally(() => setUnderWay((number) => number - 1));
    });
  if (element.type === "button") {
    return <Button element={element} isBusy={underWay > 0} onClick={() => use(element.value ?? null)} />;
  }
  if (element.type === "overflow") {
    return <Overflow options={element.options ?? []} onChoose={use} />;
  }
  return <Chosen element={element} onChoose={use} />;
}

function Button({ element, isBusy, onClick }: { element: Element; isBusy: boolean; onClick: () => void }) {
  const click = () => {
    if (element.url) {
      window.open(element.url, "_blank", "noopener");
    }
    onClick();
  };
  return (
    <button
      type="button"
      className={`button ${element.style ?? ""}`}
      aria-busy={isBusy}
      aria-label={element.accessibility_label}
      data-action={element.action_id}
      onClick={click}
    >
      {element.text?.text}
    </button>
  );
}

/** A menu outside of an input block: what is chosen is told at once. */
function Chosen({ element, onChoose }: { element: Element; onChoose: (value: ActValue) => void }) {
  const [value, setValue] = useState<ActValue>(initialValue(element));
  const change = (chosen: ActValue) => {
    setValue(chosen);
    onChoose(chosen);
  };
  return (
    <Chooser
      element={element}
      value={value}
      onChange={change}
      label={element.placeholder?.text ?? "Choose"}
    />
  );
}

function Overflow({ options, onChoose }: { options: Option[]; onChoose: (value: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <div className="overflow">
      <button
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label="More actions"
        onClick={() => setOpen(!isOpen)}
      >
        ⋯
      </button>
      {isOpen && (
        <Menu
          items={options.map((option) => ({ label: option.text.text, go: () => onChoose(option.value) }))}
          onClose={close}
        />
      )}
    </div>
  );
}

export interface MenuItem {
  label: string;
  go: () => void;
}

/** A menu that is open, beside its opener: arrows move, Escape and a click elsewhere close, a choice closes too. */
export function Menu({ items, onClose }: { items: MenuItem[]; onClose: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => menu.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus(), []);
  // The focus goes back first: a dialog that a choice opens returns it to where it then is.
  const leave = () => {
    menu.current?.parentElement?.querySelector<HTMLElement>("[aria-haspopup=menu]")?.focus();
    onClose();
  };
  useEffect(() => {
    const elsewhere = (event: PointerEvent) => {
      if (!menu.current?.parentElement?.contains(event.target as Node)) {
        onClose();
      }
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [onClose]);
  const move = (event: React.KeyboardEvent) => {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all[(at + step + all.length) % all.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      leave();
    }
  };
  return (
    <div ref={menu} role="menu" className="menu" tabIndex={-1} onKeyDown={move}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          onClick={() => {
            leave();
            item.go();
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}
