; Closures over variables that change. An account is an environment, and three functions that it
; knows by name and that know it: a cycle of four.

(define (counter)
  (let ((count 0))
    (lambda () (set! count (+ count 1)) count)))

(define first (counter))
(define second (counter))
(first) (first) (second)
(write (list (first) (second)))
(newline)

(define (account balance)
  (define (withdraw amount)
    (if (> amount balance)
        (error "insufficient funds" balance amount)
        (begin (set! balance (- balance amount)) balance)))
  (define (deposit amount) (set! balance (+ balance amount)) balance)
  (define (do name amount)
    (cond ((eq? name 'withdraw) (withdraw amount))
          ((eq? name 'deposit) (deposit amount))
          (else (error "no such thing" name))))
  do)

(define mine (account 100))
(mine 'deposit 50)
(write (mine 'withdraw 30))
(newline)
(write (try (mine 'withdraw 1000) (lambda (e) (cons (error-message e) (error-values e)))))
(newline)

(write (leaves-behind (lambda () (account 1))))
(newline)
; Kept and forgotten: the same, as soon as nobody holds `do` any more.
(write (leaves-behind (lambda () (set! mine 0))))
(newline)
; Names are objects too, and go when nothing is called so.
(write (leaves-behind (lambda () (string->symbol (string-append "made" "-" "up")))))
(newline)
