;;; What an Emacs user does: open the file, start eglot, measure by code action, read.
;; Arguments come as JSON in LEAKLINE_TEST; what was seen goes as JSON into its `seen' file.
(require 'eglot)
(require 'json)

(defvar given (json-parse-string (getenv "LEAKLINE_TEST") :object-type 'alist :array-type 'list))
(defvar seen nil)
(defvar progress nil)
(defvar messages nil)

(defun note (key value) (push (cons key value) seen))

(defun await (what seconds holds)
  "Wait until HOLDS gives something, and return that."
  (let ((end (+ (float-time) seconds)) found)
    (while (not (setq found (funcall holds)))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      (accept-process-output nil 0.1))
    found))

;; These two are what eglot itself calls; they only look on.
(advice-add 'eglot-handle-notification :before
            (lambda (_server method &rest params)
              (pcase method
                ('$/progress
                 (push (plist-get (plist-get params :value) :kind) progress))
                ('window/showMessage (push (plist-get params :message) messages)))))

(defun shown ()
  "Diagnostics of this buffer, as flymake shows them."
  ;; Nobody types here, so flymake's timers do not run.
  (flymake-start)
  (flymake-diagnostics))

(defun line-of (diagnostic)
  (1- (line-number-at-pos (flymake-diagnostic-beg diagnostic))))

(defun choose-action (title)
  "Run the code action that a user picks from the list."
  (let ((last-nonmenu-event ?a)
        (completing-read-function
         (lambda (_prompt collection &rest _)
           (let ((all (all-completions "" collection)))
             (or (seq-find (lambda (each) (string-match-p (regexp-quote title) each)) all)
                 (error "%s is not offered, but %S" title all))))))
    (call-interactively #'eglot-code-actions)))

(defun run ()
  (let ((eglot-server-programs
         `((js-mode . (,@(alist-get 'server given)
                       :initializationOptions
                       ,(json-parse-string (json-serialize (alist-get 'settings given))
                                           :object-type 'plist)))))
        (eglot-sync-connect 60)
        (eglot-confirm-server-initiated-edits nil)
        (flymake-no-changes-timeout 0.1))
    (find-file (alist-get 'file given))
    (js-mode)
    (let ((server (apply #'eglot (eglot--guess-contact))))
      (await "eglot" 60 #'eglot-current-server)
      (choose-action "Leakline: Measure growth")
      (let ((found (await "diagnostics" 120 #'shown)))
        (await "the end" 60 (lambda () (or (equal (car progress) "end")
                                           (string-suffix-p " leak" (or (car messages) "")))))
        (let ((first (car found)))
          (note 'diagnostics
                (vconcat (mapcar (lambda (each)
                                   `((line . ,(line-of each))
                                     (type . ,(symbol-name (flymake-diagnostic-type each)))
                                     (text . ,(flymake-diagnostic-text each))))
                                 found)))
          (goto-char (flymake-diagnostic-beg first))
          (note 'hover
                (let ((contents (plist-get (jsonrpc-request server :textDocument/hover
                                                            (eglot--TextDocumentPositionParams))
                                           :contents)))
                  (plist-get contents :value)))
          (goto-char (flymake-diagnostic-beg first))
          (choose-action "Leakline: Ignore `auditLog` here")
          (note 'text (buffer-substring-no-properties (point-min) (point-max)))
          (save-buffer)
          (await "the warning to go" 60 (lambda () (null (shown)))))))))

(defun finish (failure)
  (when failure (note 'failure (format "%S" failure)))
  (note 'progress (vconcat (reverse progress)))
  (note 'messages (vconcat (reverse messages)))
  (with-temp-file (alist-get 'seen given)
    (insert (json-serialize seen)))
  (ignore-errors (eglot-shutdown-all))
  (set-buffer-modified-p nil)
  (kill-emacs 0))

(condition-case failure
    (progn (run) (finish nil))
  (error (finish failure)))
