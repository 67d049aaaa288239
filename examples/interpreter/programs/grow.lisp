; A program that keeps all that it makes is stopped before the machine is.

(define kept '())
(define (grow) (set! kept (cons 1 kept)) (grow))
(write (try (grow) error-message))
(newline)
(set! kept '())
(write 'recovered)
(newline)
