/** What lies over the page: the app's modal, the dialog that asks back, and what went wrong. */
import { useState } from "react";
import { ConfirmDialog } from "./dialog";
import type { Asked } from "./here";
import { Modal } from "./modal";
import type { ActValue, View } from "./protocol";
import { type Toast, Toasts } from "./toasts";
import type { Values } from "./values";

interface OverlaysProps {
  /** The one on top last. */
  modals: readonly View[];
  asked: Asked | null;
  onAnswered: () => void;
  toasts: readonly Toast[];
}

/** No update of what lies under the modal or the dialog takes them away. */
export function Overlays({ modals, asked, onAnswered, toasts }: OverlaysProps) {
  const [touched, setTouched] = useState<Record<string, Values>>({});
  const modal = modals.at(-1);
  const touch = (view: string) => (actionId: string, value: ActValue) =>
    setTouched((all) => ({ ...all, [view]: { ...all[view], [actionId]: value } }));
  const yes = () => {
    onAnswered();
    asked?.go();
  };
  const told = <Toasts toasts={toasts} />;
  return (
    <>
      {modal ? (
        <Modal key={modal.id} view={modal} touched={touched[modal.id] ?? {}} onTouch={touch(modal.id)}>
          {told}
        </Modal>
      ) : (
        told
      )}
      {asked && <ConfirmDialog ask={asked.ask} onNo={onAnswered} onYes={yes} />}
    </>
  );
}
